import {NonFiniteError} from '../../../errors.js'
import {readFloat32Slices, type Tensor} from '../../../ir/tensor.js'
import type {ChannelLayout} from './channel-layout.js'

/** The largest magnitude of symmetric int8: −128 stays unused, so that zero maps to zero and negation is exact. */
export const INT8_PEAK = 127

/** Below this a scale is a float32 denormal that kernels flush to zero; such a channel holds nothing. */
const SMALLEST_SCALE = 1.17549435e-38

/**
 * Symmetric scales, one per channel: `scale[c] = max|w[c]| / peak`.
 *
 * @param weight float32, laid out as `layout` says; read piece by piece.
 * @param name the weight's name, for the error message.
 * @returns `[channels]`, float32, in weight units per integer step. An all-zero channel gets the largest scale of the others, so
 *   that its int32 bias has steps as fine as theirs, or 1 when all are zero: it must never divide by 0.
 * @throws NonFiniteError if the weight holds NaN or infinity.
 * @see Jacob et al. 2018, arXiv:1712.05877, section 2.1; ONNX operator QuantizeLinear.
 */
export function channelScales(weight: Tensor, layout: ChannelLayout, name: string, peak = INT8_PEAK): Float32Array {
  return filledScales(channelPeaks(weight, layout, name).map((magnitude) => magnitude / peak))
}

/** Gives channels that hold nothing the largest scale of the others, or 1. Scales may be negative. */
export function filledScales(scales: Float32Array): Float32Array {
  const largest = scales.reduce((max, scale) => Math.max(max, Math.abs(scale)), 0)
  const forZeros = largest < SMALLEST_SCALE ? 1 : largest
  return scales.map((scale) => (Math.abs(scale) < SMALLEST_SCALE ? forZeros : scale))
}

function channelPeaks(weight: Tensor, {channels, inner}: ChannelLayout, name: string): Float32Array {
  const peaks = new Float32Array(channels)
  let [channel, left] = [0, inner]
  for (const piece of readFloat32Slices(weight)) {
    for (let i = 0; i < piece.length; i++) {
      const magnitude = Math.abs(piece[i] as number)
      if (!(magnitude <= (peaks[channel] as number))) {
        if (!Number.isFinite(magnitude)) throw new NonFiniteError(name, `channel ${channel}`)
        peaks[channel] = magnitude
      }
      if (--left > 0) continue
      left = inner
      if (++channel === channels) channel = 0
    }
  }
  return peaks
}
