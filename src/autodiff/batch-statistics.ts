import {float} from '../ir/attribute.js'
import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'

/** A BatchNormalization that normalizes by the batch, and what its running statistics are kept up with. */
export interface BatchStatistics {
  readonly node: Node
  /** The running statistics, [C]: as the file has them. Next: 0.9 · old + 0.1 · batch, the variance times n / (n − 1). */
  readonly runningMean: Value
  readonly runningVariance: Value
  /** Of the batch of this run, [C]; the variance divides by n. */
  readonly batchMean: Value
  readonly batchVariance: Value
}

/**
 * Turns every BatchNormalization of a graph from its running statistics to those of the batch, for training. Call it before
 * `inferModel` and `backward`.
 *
 * ONNX Runtime writes the statistics' outputs over their inputs where those are intermediates, and nodes that share them spoil
 * each other's: so every node gets inputs of its own, zeros, and momentum 0, with which the outputs are the batch's alone.
 */
export function useBatchStatistics(graph: Graph): BatchStatistics[] {
  return graph
    .nodes()
    .filter((node) => node.domain === '' && node.opType === 'BatchNormalization' && node.int('training_mode', 0) === 0)
    .map((node) => turn(graph, node))
}

function turn(graph: Graph, node: Node): BatchStatistics {
  const [, , , runningMean, runningVariance] = node.inputs as Value[] as [Value, Value, Value, Value, Value]
  const [zero] = [graph.constant({dtype: 'float32', shape: [], read: () => new Float32Array(1)}, 'zero')]
  for (const index of [3, 4]) {
    const fresh = graph.insertBefore(node, {opType: 'Mul', inputs: [node.inputs[index], zero]})
    graph.setInput(node, index, fresh.outputs[0])
  }
  node.set('training_mode', 1).set('momentum', float(0))
  const [batchMean, batchVariance] = [1, 2].map((index) => {
    const value = graph.newValue(graph.names.fresh(`${node.name}_out${index}`))
    graph.moveOutput(value, node, index)
    return value
  }) as [Value, Value]
  return {node, runningMean, runningVariance, batchMean, batchVariance}
}
