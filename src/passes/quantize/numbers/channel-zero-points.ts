import {NonFiniteError} from '../../../errors.js'
import {readFloat32Slices, type Tensor} from '../../../ir/tensor.js'
import type {ChannelLayout} from './channel-layout.js'
import {halfScale} from './half-scales.js'
import {roundHalfToEven} from './round-half-to-even.js'
import type {WeightType} from './weight-type.js'

/** Below this a scale is a float32 denormal that kernels flush to zero. */
const SMALLEST_SCALE = 1.17549435e-38

/**
 * Asymmetric scales and zero points, one pair per channel: the channel's range, zero included, spread over the type's values.
 *
 * @param type with `halfScales`, scales are those that float16 can hold.
 * @param atLeast lower bounds of the scales, `[channels]`.
 * @returns both `[channels]`; an all-zero channel gets scale 1, zero point 0.
 * @throws NonFiniteError if the weight holds NaN or infinity.
 */
export function channelZeroPoints(
  weight: Tensor,
  layout: ChannelLayout,
  name: string,
  {low, high, halfScales}: WeightType & {readonly halfScales?: boolean | undefined},
  atLeast?: Float32Array,
) {
  const {mins, maxs} = channelRanges(weight, layout, name)
  const scales = maxs.map((max, c) => Math.fround((max - (mins[c] as number)) / (high - low)))
  const enough = scales.map((scale, c) => Math.max(atLeast?.[c] ?? 0, scale < SMALLEST_SCALE ? 1 : scale))
  const usable = halfScales ? enough.map(halfScale) : enough
  const zeroPoints = Uint8Array.from(mins, (min, c) => {
    return Math.max(low, Math.min(high, roundHalfToEven(low - min / (usable[c] as number))))
  })
  return {scales: usable, zeroPoints}
}

function channelRanges(weight: Tensor, {channels, inner}: ChannelLayout, name: string) {
  const [mins, maxs] = [new Float32Array(channels), new Float32Array(channels)]
  let [channel, left] = [0, inner]
  for (const piece of readFloat32Slices(weight)) {
    for (let i = 0; i < piece.length; i++) {
      const value = piece[i] as number
      if (!(value >= (mins[channel] as number))) mins[channel] = finite(value, name, channel)
      if (value > (maxs[channel] as number)) maxs[channel] = finite(value, name, channel)
      if (--left > 0) continue
      left = inner
      if (++channel === channels) channel = 0
    }
  }
  return {mins, maxs}
}

function finite(value: number, name: string, channel: number): number {
  if (!Number.isFinite(value)) throw new NonFiniteError(name, `channel ${channel}`)
  return value
}
