import {derivedTensor, float32, readFloat32, type Tensor} from '../../ir/tensor.js'
import {type ChannelLayout, channelLayout, forEachRun, type ScaleAxis} from './channel-layout.js'
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
  const scales = channelScales(readFloat32(weight), layout, name, peak)
  atLeast?.forEach((bound, channel) => {
    if ((scales[channel] as number) < bound) scales[channel] = bound
  })
  return {
    integers: derivedTensor('int8', weight.shape, () => toIntegers(readFloat32(weight), layout, scales, peak)),
    scales: float32(scales, axis === undefined ? [] : [scales.length]),
    scaleValues: scales,
  }
}

function toIntegers(weight: Float32Array, layout: ChannelLayout, scales: Float32Array, peak: number): Int8Array {
  const integers = new Int8Array(weight.length)
  forEachRun(layout, (start, channel) => {
    const scale = scales[channel] as number
    for (let i = start; i < start + layout.inner; i++) {
      const steps = roundHalfToEven(Math.fround((weight[i] as number) / scale))
      integers[i] = Math.max(-peak, Math.min(peak, steps))
    }
  })
  return integers
}

/** The rounding of ONNX QuantizeLinear (IEEE 754 roundTiesToEven). */
export function roundHalfToEven(x: number): number {
  const rounded = Math.round(x)
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
