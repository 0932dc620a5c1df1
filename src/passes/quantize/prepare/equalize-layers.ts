import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {derivedTensor, readFloat32, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass} from '../../pass.js'
import {channelLayout, forEachRun} from '../numbers/channel-layout.js'
import {clipReach} from '../static/clip-reach.js'

/** What passes a positive factor per channel on as it is. */
const HOMOGENEOUS: ReadonlySet<string> = new Set([
  ...['Relu', 'LeakyRelu', 'PRelu', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'Identity'],
])
/** From this many times smaller rounding errors on it is done: 12 dB. */
const WORTHWHILE_GAIN = 4

/**
 * Cross-layer equalization: channels between two layers get ranges of one size, the first layer's rows divided by what the second's
 * columns are multiplied by. One scale for all channels of an activation loses those that are far smaller than others, however much the
 * next layer makes of them. Factors are powers of two, so the float model gives the same bits but for numbers next to 0. Done only where
 * the errors of rounding, as the weights foretell them, become four times smaller. Through a Clip, channels grow only as far as they can't
 * meet its bounds, whatever is fed; those that can stay as they are.
 *
 * @see Nagel et al. 2019, arXiv:1906.04721, section 4.1; docs/decisions/0015-numbers-that-survive.md for the rule.
 */
export const equalizeLayers: Pass = {
  name: 'equalize-layers',
  run(graph) {
    const changed: Change[] = []
    for (const first of graph.nodes()) {
      const pair = pairOf(first)
      if (pair && equalize(graph, pair)) changed.push({rule: 'equalize-layers', node: first.name, to: pair.second.name})
    }
    return {changed, skipped: []}
  },
}

interface Pair {
  readonly first: Node
  readonly second: Node
  /** Right behind the first layer, where one is. */
  readonly clip: Node | undefined
}

/** A layer and the one that alone reads its result, through nodes that pass a factor on. */
function pairOf(first: Node): Pair | undefined {
  if (!isLayer(first)) return undefined
  let value = first.outputs[0]
  let clip: Node | undefined
  for (;;) {
    const [reader] = value?.consumers ?? []
    if (!value || value.isOutput || value.uses.size !== 1 || !reader || reader.inputs[0] !== value) return undefined
    if (isLayer(reader)) return reader.opType === first.opType ? {first, second: reader, clip} : undefined
    if (value === first.outputs[0] && reader.opType === 'Clip') clip = reader
    else if (!HOMOGENEOUS.has(reader.opType)) return undefined
    if (reader.domain !== '' || reader.outputs.filter(Boolean).length !== 1) return undefined
    value = reader.outputs[0]
  }
}

/** A Conv or a plain Gemm whose constants nobody else reads. */
function isLayer(node: Node): boolean {
  if (node.domain !== '' || !['Conv', 'Gemm'].includes(node.opType)) return false
  const isOwn = (value: Value | undefined) =>
    value?.constant?.dtype === 'float32' && value.uses.size === 1 && !value.isOutput
  const [, weight, bias] = node.inputs
  if (!isOwn(weight) || (bias && !isOwn(bias))) return false
  if (node.opType === 'Conv') return true
  return bias?.constant?.shape.length !== 2 && node.int('transA', 0) === 0
}

const outputAxis = (node: Node) => (node.opType === 'Conv' || node.int('transB', 0) ? 0 : 1)

/** The axis of the second weight that counts input channels; that of its rows where each reads one channel alone. */
function inputAxis(node: Node, channels: number): number | undefined {
  if (node.opType === 'Gemm') return 1 - outputAxis(node)
  const groups = node.int('group', 1)
  if (groups === 1) return 1
  return groups === channels && node.inputs[1]?.constant?.shape[0] === channels ? 0 : undefined
}

function equalize(graph: Graph, {first, second, clip}: Pair): boolean {
  const [, rows, bias] = first.inputs as [Value, Value, Value | undefined]
  const columns = second.inputs[1] as Value
  const before = peaks(rows.constant as Tensor, outputAxis(first))
  const axis = inputAxis(second, before.length)
  if (axis === undefined) return false
  const after = peaks(columns.constant as Tensor, axis)
  if (bias?.constant && bias.constant.shape[0] !== before.length) return false
  if (bias?.constant) for (const [c, value] of readFloat32(bias.constant).entries()) raise(before, c, Math.abs(value))
  if (after.length !== before.length) return false
  const reach = clip ? clipReach(first, clip, outputAxis(first)) : new Float64Array(before.length)
  const factors = before.map((peak, c) => withinReach(factorOf(peak, after[c] as number), reach[c] as number))
  const scaled = [
    before.map((peak, c) => peak / (factors[c] as number)),
    after.map((peak, c) => peak * (factors[c] as number)),
  ]
  const gain = errorOf(before, after) / errorOf(scaled[0] as Float64Array, scaled[1] as Float64Array)
  if (!(gain >= WORTHWHILE_GAIN)) return false
  const inverse = factors.map((factor) => 1 / factor)
  graph.setConstant(rows, times(rows.constant as Tensor, outputAxis(first), inverse))
  if (bias?.constant) graph.setConstant(bias, times(bias.constant, 0, inverse))
  graph.setConstant(columns, times(columns.constant as Tensor, axis, factors))
  return true
}

/** √(a/b), to a power of two; 1 for a channel that nothing goes into or comes out of. */
function factorOf(before: number, after: number): number {
  return before > 0 && after > 0 ? 2 ** Math.round(Math.log2(before / after) / 2) : 1
}

/** A factor by which no channel comes to where a Clip changes it: divided by it, `reach` stays at most 1. */
function withinReach(factor: number, reach: number): number {
  if (reach > 1) return 1
  return reach > 0 ? Math.max(factor, 2 ** Math.ceil(Math.log2(reach))) : factor
}

/** What rounding costs, up to a constant: steps follow the largest channel, and errors meet the other side's weights. */
function errorOf(before: Float64Array, after: Float64Array): number {
  return peak(before) * rms(after) + peak(after) * rms(before)
}

function peaks(weight: Tensor, axis: number): Float64Array {
  const layout = channelLayout(weight.shape, axis)
  const found = new Float64Array(layout.channels)
  const values = readFloat32(weight)
  forEachRun(layout, (start, channel) => {
    for (let i = start; i < start + layout.inner; i++) raise(found, channel, Math.abs(values[i] as number))
  })
  return found
}

function raise(peaks: Float64Array, channel: number, value: number): void {
  peaks[channel] = Math.max(peaks[channel] as number, value)
}

function times(weight: Tensor, axis: number, factors: Float64Array): Tensor {
  const layout = channelLayout(weight.shape, axis)
  return derivedTensor('float32', weight.shape, () => {
    const values = Float32Array.from(readFloat32(weight))
    forEachRun(layout, (start, channel) => {
      for (let i = start; i < start + layout.inner; i++)
        values[i] = (values[i] as number) * (factors[channel] as number)
    })
    return values
  })
}

function peak(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

function rms(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}
