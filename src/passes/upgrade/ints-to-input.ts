import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'

/**
 * An attribute of integers that became an int64 vector input: axes of reductions, Squeeze and Unsqueeze, sizes of Split.
 * A missing attribute becomes a missing input.
 *
 * @param name of the attribute, and of the constant made of it.
 * @param slot index of the new input.
 */
export function intsToInput(name: string, slot: number) {
  return (node: Node): boolean => {
    const values = node.ints(name, undefined)
    if (!values) return false
    node.graph.setInput(node, slot, new GraphBuilder(node.graph).ints(values, `${node.name}_${name}`))
    node.attributes.delete(name)
    return true
  }
}
