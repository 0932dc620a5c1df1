import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'

/** Nodes that only work on constants, in a graph and its subgraphs: they unpack stored weights, ONNX Runtime folds most of them. */
export function unpackingNodes(graph: Graph): ReadonlySet<Node> {
  const found = new Set<Node>()
  collect(graph, found)
  return found
}

function collect(graph: Graph, found: Set<Node>): void {
  for (const node of graph.nodes()) {
    if (node.subgraphs.length === 0 && readsOnlyConstants(node, found)) found.add(node)
    for (const subgraph of node.subgraphs) collect(subgraph, found)
  }
}

function readsOnlyConstants(node: Node, unpacking: ReadonlySet<Node>): boolean {
  const inputs = node.inputs.filter((value): value is Value => value !== undefined)
  const isConstant = ({constant, producer}: Value) => Boolean(constant ?? (producer && unpacking.has(producer)))
  return inputs.length > 0 && inputs.every(isConstant)
}
