import type {Graph} from '../../../ir/graph.js'
import type {Change, Pass, PassReport} from '../../pass.js'

/** Removes nodes and constants that no output depends on, in the graph and its subgraphs. Graph inputs stay: they are the interface. */
export const removeDead: Pass = {name: 'remove-dead', run}

function run(graph: Graph): PassReport {
  return {changed: sweep(graph), skipped: []}
}

function sweep(graph: Graph): Change[] {
  const changed: Change[] = []
  for (const node of graph.nodes().reverse()) {
    if (node.outputs.some((value) => value && value.uses.size > 0)) {
      for (const subgraph of node.subgraphs) changed.push(...sweep(subgraph))
      continue
    }
    graph.remove(node)
    changed.push({rule: 'remove-dead', node: node.name, op: node.opType})
  }
  for (const constant of graph.constants()) {
    if (constant.uses.size === 0) graph.removeConstant(constant)
  }
  return changed
}
