import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {derivedTensor, float32, readFloat32, type Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {Change, Pass, PassReport, Skip} from '../pass.js'
import {channelLayout, forEachRun} from '../quantize/channel-layout.js'

/**
 * Folds BatchNormalization (inference mode) into the Conv in front of it: `w' = w · γ/√(σ²+ε)`, `b' = (b − μ) · γ/√(σ²+ε) + β`.
 * Products are taken in double precision and rounded once.
 */
export const foldBatchNormalization: Pass = {name: 'fold-batch-normalization', run}

/** float32 inputs scale, bias, mean and variance of one BatchNormalization, `[C]` each. */
interface Statistics {
  readonly gamma: Float32Array
  readonly beta: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly epsilon: number
}

function run(graph: Graph): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  for (const norm of graph.allNodes()) {
    if (norm.opType !== 'BatchNormalization' || norm.domain !== '') continue
    const conv = norm.inputs[0]?.producer
    const reason = whyNot(norm, conv)
    if (reason || !conv) skipped.push({node: norm.name, op: norm.opType, reason: reason ?? 'it follows no Conv'})
    else {
      fold(conv, norm)
      changed.push({rule: 'fold-batch-normalization', node: norm.name, op: conv.opType, to: conv.name})
    }
  }
  return {changed, skipped}
}

function whyNot(norm: Node, conv: Node | undefined): string | undefined {
  if (conv?.opType !== 'Conv' || conv.domain !== '') return 'it follows no Conv'
  if (conv.graph !== norm.graph) return 'the Conv is outside its branch'
  if (norm.int('training_mode', 0) !== 0 || norm.outputs.slice(1).some((value) => value?.uses.size)) {
    return 'it is in training mode'
  }
  if (norm.inputs[0]?.uses.size !== 1) return 'the Conv has other consumers'
  const floats = [conv.inputs[1], ...(conv.inputs[2] ? [conv.inputs[2]] : []), ...norm.inputs.slice(1)]
  if (!floats.every((value) => value?.constant?.dtype === 'float32'))
    return 'a weight or statistic is not a float32 constant'
  return undefined
}

function fold(conv: Node, norm: Node): void {
  const {graph} = conv
  const weightValue = conv.inputs[1] as Value
  const weight = weightValue.constant as Tensor
  const statistics = statisticsOf(norm)
  const factors = Float64Array.from(
    statistics.gamma,
    (gamma, c) => gamma / Math.sqrt((statistics.variance[c] as number) + statistics.epsilon),
  )
  const bias = conv.inputs[2]?.constant
  const newBias = foldedBias(bias && readFloat32(bias), statistics, factors)
  graph.setInput(conv, 1, graph.constant(scaledWeight(weight, factors), weightValue.name))
  graph.setInput(conv, 2, graph.constant(float32(newBias), norm.inputs[2]?.name))
  graph.setInput(norm, 0, undefined)
  graph.moveOutput(norm.outputs[0] as Value, conv, 0)
  graph.remove(norm)
  if (weightValue.uses.size === 0) weightValue.graph.removeConstant(weightValue)
}

function statisticsOf(norm: Node): Statistics {
  const [gamma, beta, mean, variance] = norm.inputs.slice(1).map((value) => readFloat32(value?.constant as Tensor))
  return {gamma, beta, mean, variance, epsilon: norm.float('epsilon', 1e-5)} as Statistics
}

function scaledWeight(weight: Tensor, factors: Float64Array): Tensor {
  const layout = channelLayout(weight.shape, 0)
  return derivedTensor('float32', weight.shape, () => {
    const scaled = Float32Array.from(readFloat32(weight))
    forEachRun(layout, (start, channel) => {
      const factor = factors[channel] as number
      for (let i = start; i < start + layout.inner; i++) scaled[i] = (scaled[i] as number) * factor
    })
    return scaled
  })
}

function foldedBias(bias: Float32Array | undefined, statistics: Statistics, factors: Float64Array): Float32Array {
  return Float32Array.from(statistics.beta, (beta, c) => {
    const centred = (bias?.[c] ?? 0) - (statistics.mean[c] as number)
    return centred * (factors[c] as number) + beta
  })
}
