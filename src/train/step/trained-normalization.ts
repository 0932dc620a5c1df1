import {useBatchStatistics} from '../../autodiff/batch-statistics.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {knownShape} from './known-shape.js'

/** A BatchNormalization that normalizes by the batch. Its running statistics stay constants of the graph that nothing depends on. */
export interface TrainedNormalization {
  readonly node: Node
  /** Constants: running mean and variance. */
  readonly running: readonly [Value, Value]
  /** Of the batch of a run. */
  readonly batch: readonly [Value, Value]
  /** Share of the old value that a running statistic keeps in every step. */
  readonly momentum: number
}

/** One running statistic: `next = momentum · old + (1 − momentum) · scale · batch`. */
export interface StepStatistic {
  /** Name of the constant. */
  readonly name: string
  readonly shape: readonly number[]
  /** Name of the step's output that gives the batch's. */
  readonly batch: string
  readonly momentum: number
  /** n / (n − 1) for a variance of n values per channel, 1 for a mean. */
  readonly scale: number
}

/** ONNX's default; PyTorch counts the other way round and calls it 0.1. */
const MOMENTUM = 0.9

/** Turns the BatchNormalization nodes with constant statistics to those of the batch. Before types are filled in. */
export function trainNormalizations(graph: Graph): TrainedNormalization[] {
  const momenta = new Map(graph.nodes().map((node) => [node, node.float('momentum', MOMENTUM)]))
  const turned = useBatchStatistics(graph).filter(({runningMean}) => runningMean.constant)
  return turned.map(({node, runningMean, runningVariance, batchMean, batchVariance}) => ({
    node,
    running: [runningMean, runningVariance],
    batch: [batchMean, batchVariance],
    momentum: momenta.get(node) ?? MOMENTUM,
  }))
}

/** Mean, then variance. Types are filled in. */
export function statisticsOf({node, running, batch, momentum}: TrainedNormalization): StepStatistic[] {
  const [input] = node.inputs
  const [mean, variance] = running
  const shape = knownShape(mean)
  const count = input ? elementCount(knownShape(input)) / elementCount(shape) : 1
  return [
    {name: mean.name, shape, batch: batch[0].name, momentum, scale: 1},
    {name: variance.name, shape, batch: batch[1].name, momentum, scale: count / Math.max(1, count - 1)},
  ]
}
