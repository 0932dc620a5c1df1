import type {Node} from '../../../ir/node.js'
import {readFloat32, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {clampRange} from '../kernels/clamp-range.js'
import {channelLayout, forEachRun} from '../numbers/channel-layout.js'
import type {Range} from './activation-scale.js'

/** What an activation can give at all. */
const RANGES: Readonly<Record<string, Range>> = {
  Sigmoid: {min: 0, max: 1},
  HardSigmoid: {min: 0, max: 1},
  Softmax: {min: 0, max: 1},
  Tanh: {min: -1, max: 1},
}
/** What gives no number beyond those it reads. */
const BETWEEN: ReadonlySet<string> = new Set(['MaxPool', 'AveragePool', 'GlobalAveragePool', 'Identity'])
/** More than a sum in float32 is off by, as a share of the sum of its magnitudes: 2⁻²⁴ for each of up to 16,384 terms. */
const ROUNDING = 2 ** -10

/**
 * How near each output channel of a layer can come to the bounds of the Clip behind it, whatever is fed to the model: 1 reaches a bound,
 * 0.25 may grow fourfold before the Clip changes anything, 0 means that no bound but 0 is ever met. Infinite where nothing is known.
 *
 * @param axis the axis of the layer's weight that counts output channels.
 * @returns `[channels]`.
 */
export function clipReach(layer: Node, clip: Node, axis: number): Float64Array {
  const {min, max} = clampRange(clip)
  const share = (value: number, bound: number) => (bound === 0 ? 0 : value / bound)
  return Float64Array.from(resultRanges(layer, axis), (range) => {
    // a bound that is no constant, and a Clip that lets no 0 through, are met from the start
    return min <= 0 && max >= 0 ? Math.max(0, share(range.max, max), share(range.min, min)) : Number.POSITIVE_INFINITY
  })
}

/** The range of each output channel, by the range of what the layer reads; padding adds zeros to that. */
function resultRanges(layer: Node, axis: number): Range[] {
  const [input, rows, bias] = layer.inputs
  const weight = rows?.constant as Tensor
  const [alpha, beta] = [layer.float('alpha', 1), layer.float('beta', 1)]
  const read = rangeOf(input)
  const [least, most] = [Math.min(0, read.min), Math.max(0, read.max)]
  const [values, added] = [readFloat32(weight), bias?.constant ? readFloat32(bias.constant) : []]
  const layout = channelLayout(weight.shape, axis)
  const ranges = Array.from({length: layout.channels}, (_, c) => {
    const shift = beta * (added[c] ?? 0)
    return {min: shift, max: shift, size: Math.abs(shift)}
  })
  forEachRun(layout, (start, channel) => {
    const range = ranges[channel] as {min: number; max: number; size: number}
    for (const value of values.subarray(start, start + layout.inner)) {
      const factor = alpha * value
      if (factor === 0) continue
      range.max += factor * (factor > 0 ? most : least)
      range.min += factor * (factor > 0 ? least : most)
      range.size += Math.abs(factor) * Math.max(most, -least)
    }
  })
  return ranges.map(({min, max, size}) => ({min: min - ROUNDING * size, max: max + ROUNDING * size}))
}

/** What a value can hold, by the activation it comes from. */
function rangeOf(value: Value | undefined): Range {
  const producer = value?.producer?.domain === '' ? value.producer : undefined
  if (producer && BETWEEN.has(producer.opType)) return rangeOf(producer.inputs[0])
  const {min, max} = RANGES[producer?.opType ?? ''] ?? clampRange(producer)
  const known = (bound: number, unknown: number) => (Number.isNaN(bound) ? unknown : bound)
  return {min: known(min, Number.NEGATIVE_INFINITY), max: known(max, Number.POSITIVE_INFINITY)}
}
