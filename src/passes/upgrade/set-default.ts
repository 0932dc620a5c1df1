import type {AttributeLike} from '../../ir/attribute.js'
import type {Node} from '../../ir/node.js'

/** Writes down what used to hold for a missing attribute, where a newer version has another default. */
export function setDefault(name: string, value: AttributeLike) {
  return (node: Node): boolean => {
    if (node.attributes.has(name)) return false
    node.set(name, value)
    return true
  }
}
