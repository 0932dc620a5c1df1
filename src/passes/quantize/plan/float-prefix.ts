import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'

/** The first nodes of a graph, up to where all that goes on is one value. */
export interface Prefix {
  readonly nodes: readonly Node[]
  readonly convolutions: number
}

/**
 * The beginnings of a graph that end in front of a convolution, where a single value is all that later nodes read: between two layers
 * or blocks, never inside a residual block or a squeeze-excite. In order; each holds the one before.
 */
export function floatPrefixes(graph: Graph): Prefix[] {
  const nodes = graph.nodes()
  const unread = new Map<Value, number>(graph.inputs.map((value) => [value, value.uses.size]))
  const prefixes: Prefix[] = []
  let convolutions = 0
  for (const [i, node] of nodes.entries()) {
    pass(node, unread)
    if (node.opType === 'Conv') convolutions++
    const [only] = unread.keys()
    if (unread.size === 1 && convolutions > 0 && only?.consumers.some(({opType}) => opType === 'Conv')) {
      prefixes.push({nodes: nodes.slice(0, i + 1), convolutions})
    }
  }
  return prefixes
}

/** Counts the uses that are still to come: of what the node read, and of what it gives. */
function pass(node: Node, unread: Map<Value, number>): void {
  for (const value of node.inputs) {
    const left = value && unread.get(value)
    if (!value || left === undefined) continue
    if (left > 1) unread.set(value, left - 1)
    else unread.delete(value)
  }
  for (const value of node.outputs) if (value && value.uses.size > 0) unread.set(value, value.uses.size)
}
