import {derivedTensor, elementCount, float32, readFloat32Slices, type Tensor, withSlices} from '../../ir/tensor.js'
import {type ChannelLayout, channelLayout, type ScaleAxis} from './channel-layout.js'
import {channelScales, INT8_PEAK} from './channel-scales.js'

/** A weight as integers: `w[c] ≈ integers[c] · scales[c]`, zero point 0. */
export interface QuantizedWeight {
  /** int8, the weight's shape; computed when read, so that a big model never holds two copies. */
  readonly integers: Tensor
  /** float32 `[channels]`, or a scalar when per-tensor. */
  readonly scales: Tensor
  /** The same scales, in memory. */
  readonly scaleValues: Float32Array
}

export interface WeightOptions {
  readonly axis: ScaleAxis
  /** Largest integer magnitude: 127, or 64 where u8×s8 products saturate. */
  readonly peak?: number
  /** Lower bounds of the scales, `[channels]`: an int32 bias that would overflow asks for them. */
  readonly atLeast?: Float32Array
}

/**
 * Symmetric int8 quantization of a float32 weight, rounding half to even like ONNX QuantizeLinear.
 *
 * @throws NonFiniteError if the weight holds NaN or infinity.
 */
export function quantizeWeight(weight: Tensor, name: string, options: WeightOptions): QuantizedWeight {
  const {axis, peak = INT8_PEAK, atLeast} = options
  const layout = channelLayout(weight.shape, axis)
  const scales = channelScales(weight, layout, name, peak)
  atLeast?.forEach((bound, channel) => {
    if ((scales[channel] as number) < bound) scales[channel] = bound
  })
  const pieces = () => integerPieces(weight, layout, scales, peak)
  return {
    integers: withSlices(
      derivedTensor('int8', weight.shape, () => joined(pieces(), weight.shape)),
      pieces,
    ),
    scales: float32(scales, axis === undefined ? [] : [scales.length]),
    scaleValues: scales,
  }
}

/** The integers in pieces of the weight's own, all in one buffer: a weight of gigabytes must not leave gigabytes of garbage. */
function* integerPieces(
  weight: Tensor,
  {channels, inner}: ChannelLayout,
  scales: Float32Array,
  peak: number,
): Iterable<Int8Array> {
  let [buffer, channel, left] = [new Int8Array(0), 0, inner]
  for (const piece of readFloat32Slices(weight)) {
    if (buffer.length < piece.length) buffer = new Int8Array(piece.length)
    for (let i = 0; i < piece.length; i++) {
      const steps = roundHalfToEven(Math.fround((piece[i] as number) / (scales[channel] as number)))
      buffer[i] = Math.max(-peak, Math.min(peak, steps))
      if (--left > 0) continue
      left = inner
      if (++channel === channels) channel = 0
    }
    yield buffer.subarray(0, piece.length)
  }
}

function joined(pieces: Iterable<Int8Array>, shape: readonly number[]): Int8Array {
  const all = new Int8Array(elementCount(shape))
  let done = 0
  for (const piece of pieces) {
    all.set(piece, done)
    done += piece.length
  }
  return all
}

/** The rounding of ONNX QuantizeLinear (IEEE 754 roundTiesToEven). */
export function roundHalfToEven(x: number): number {
  const rounded = Math.round(x)
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
