import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {isRandom} from './patterns/random-ops.js'

/**
 * Outputs that two runs on the same inputs may give differently: those that a random node reaches, from inside the subgraphs of If,
 * Loop and Scan too.
 *
 * @param isRandomCall whether the node calls a function that draws random numbers.
 * @returns their names, and the random nodes.
 */
export function randomOutputs(
  graph: Graph,
  isRandomCall: (node: Node) => boolean = () => false,
): {readonly outputs: readonly string[]; readonly nodes: readonly Node[]} {
  const tainted = new Set<Value>()
  const sources: Node[] = []
  visit(graph, (node) => isRandom(node) || isRandomCall(node), {tainted, sources})
  return {outputs: graph.outputs.filter((value) => tainted.has(value)).map(({name}) => name), nodes: sources}
}

interface Found {
  readonly tainted: Set<Value>
  readonly sources: Node[]
}

/** @returns whether anything in the graph is, or reads what is, random: all results of the node that holds it count then. */
function visit(graph: Graph, isSource: (node: Node) => boolean, found: Found): boolean {
  let some = false
  for (const node of graph.nodes()) {
    const draws = isSource(node)
    if (draws) found.sources.push(node)
    const inside = node.subgraphs.map((subgraph) => visit(subgraph, isSource, found)).some(Boolean)
    const reads = node.inputs.some((value) => value && found.tainted.has(value))
    if (!draws && !inside && !reads) continue
    some = true
    for (const value of node.outputs) if (value) found.tainted.add(value)
  }
  return some || graph.outputs.some((value) => found.tainted.has(value))
}
