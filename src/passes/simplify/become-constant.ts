import type {Node} from '../../ir/node.js'
import type {Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'

/** Gives a computed value constant contents under its own name. Its producer keeps a fresh output that nobody reads. */
export function becomeConstant(value: Value, tensor: Tensor): void {
  value.graph.detach(value)
  value.graph.setConstant(value, tensor)
}

/** Removes the nodes of which no output is read, last first. @returns those that are gone. */
export function removeUnread(nodes: readonly Node[]): Node[] {
  const gone = [...nodes].reverse().filter((node) => {
    if (!node.graph.has(node) || node.outputs.some((value) => value && value.uses.size > 0)) return false
    node.graph.remove(node)
    return true
  })
  return gone.reverse()
}
