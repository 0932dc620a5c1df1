import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {sourceOf} from '../kernels/integer-kernels.js'

/** Slots of the initial states, by recurrent operator. */
const STATES: Readonly<Record<string, readonly number[]>> = {LSTM: [5, 6], GRU: [5], RNN: [5]}

/**
 * The recurrent nodes, branches included, that start from a state the caller feeds in: a model of streams, which gets the last run's
 * state back. Errors of their weights add up there from run to run.
 */
export function fedBackNodes(graph: Graph): Node[] {
  return graph.allNodes().filter((node) => {
    const states = node.domain === '' ? (STATES[node.opType] ?? []) : []
    return states.some((slot) => {
      const value = node.inputs[slot]
      return value !== undefined && isInput(value, graph)
    })
  })
}

/** Whether a value is an input of the graph, moved or chosen by an If at most. */
function isInput(value: Value, graph: Graph): boolean {
  const source = sourceOf(value)
  const node = source.producer
  if (node?.opType !== 'If') return graph.inputs.includes(source)
  const index = node.outputs.indexOf(source)
  return node.subgraphs.some(({outputs}) => outputs[index] !== undefined && isInput(outputs[index], graph))
}
