import {NonFiniteError} from '../../errors.js'
import {type ChannelLayout, forEachRun} from './channel-layout.js'

/** The largest magnitude of symmetric int8: −128 stays unused, so that zero maps to zero and negation is exact. */
export const INT8_PEAK = 127

/** Below this a scale is a float32 denormal that kernels flush to zero; such a channel holds nothing and gets 1. */
const SMALLEST_SCALE = 1.17549435e-38

/**
 * Symmetric scales, one per channel: `scale[c] = max|w[c]| / peak`.
 *
 * @param weight float32, laid out as `layout` says; not modified.
 * @param name the weight's name, for the error message.
 * @returns `[channels]`, float32, in weight units per integer step. An all-zero channel gets 1: it must never divide by 0.
 * @throws NonFiniteError if the weight holds NaN or infinity.
 * @see Jacob et al. 2018, arXiv:1712.05877, section 2.1; ONNX operator QuantizeLinear.
 */
export function channelScales(
  weight: Float32Array,
  layout: ChannelLayout,
  name: string,
  peak = INT8_PEAK,
): Float32Array {
  const peaks = channelPeaks(weight, layout, name)
  return peaks.map((magnitude) => {
    const scale = Math.fround(magnitude / peak)
    return scale < SMALLEST_SCALE ? 1 : scale
  })
}

function channelPeaks(weight: Float32Array, layout: ChannelLayout, name: string): Float32Array {
  const peaks = new Float32Array(layout.channels)
  forEachRun(layout, (start, channel) => {
    const runPeak = peakMagnitude(weight, start, layout.inner)
    if (!Number.isFinite(runPeak)) throw new NonFiniteError(name, `channel ${channel}`)
    if (runPeak > (peaks[channel] as number)) peaks[channel] = runPeak
  })
  return peaks
}

/** The largest magnitude of a run; NaN when any element is NaN. */
function peakMagnitude(values: Float32Array, start: number, count: number): number {
  let peak = 0
  for (let i = start; i < start + count; i++) {
    const magnitude = Math.abs(values[i] as number)
    if (!(magnitude <= peak)) peak = magnitude
    if (Number.isNaN(peak)) return peak
  }
  return peak
}
