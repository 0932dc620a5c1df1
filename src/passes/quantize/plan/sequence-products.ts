import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'

/** MatMuls of sequences run faster and more exactly with dynamic activations: their bias fuses, static's does not. */
export function sequenceProducts(graph: Graph): Map<Node, string> {
  const sequences = graph.nodes().filter((node) => node.opType === 'MatMul' && rankOf(node) > 2)
  return new Map(sequences.map((node) => [node, 'a MatMul of sequences: dynamic activations are faster']))
}

function rankOf(node: Node): number {
  const type = node.inputs[0]?.type
  return type?.kind === 'tensor' ? (type.shape?.length ?? 0) : 0
}
