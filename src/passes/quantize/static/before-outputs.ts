import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'

/**
 * The values that reach an output of the graph, or are one, with no layer in between. Their extremes are answers: cut off, the top of a
 * score is lost, however rare it is.
 *
 * @param isLayer the nodes that stand between: what they read is another matter.
 */
export function valuesBeforeOutputs(graph: Graph, isLayer: (node: Node) => boolean): Set<Value> {
  const found = new Set<Value>(graph.outputs)
  for (const value of found) {
    const {producer} = value
    if (!producer || isLayer(producer)) continue
    for (const input of producer.inputs) if (input && !input.constant) found.add(input)
  }
  return found
}

/** The layers whose results reach an output of the graph with no other layer in between: the last stage before each. */
export function layersBeforeOutputs(graph: Graph, isLayer: (node: Node) => boolean): Node[] {
  const values = valuesBeforeOutputs(graph, isLayer)
  const layers = new Set([...values].flatMap(({producer}) => (producer && isLayer(producer) ? [producer] : [])))
  return graph.nodes().filter((node) => layers.has(node))
}
