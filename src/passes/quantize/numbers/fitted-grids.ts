import {BugError, NonFiniteError} from '../../../errors.js'
import {readFloat32, readFloat32Slices, type Tensor} from '../../../ir/tensor.js'
import type {ChannelLayout} from './channel-layout.js'
import {filledScales} from './channel-scales.js'
import {fitScale, type GridRange} from './fit-scale.js'

/**
 * The grid of each channel that loses least, see `fitScale`. A weight whose channels are runs of it, as blocks are, is read piece by piece;
 * another one at once.
 *
 * @param squares the importance of each input, `[K]`: the channels' elements one after the other run through it again and again.
 * @returns both `[channels]`; a channel of zeros has zero point 0 and the largest scale of the others.
 * @throws NonFiniteError if the weight holds NaN or infinity.
 */
export function fittedGrids(
  weight: Tensor,
  layout: ChannelLayout,
  name: string,
  {range, squares}: {readonly range: GridRange; readonly squares?: Float64Array | undefined},
): {scales: Float32Array; zeroPoints: Uint8Array} {
  const {outer, channels, inner} = layout
  const [scales, zeroPoints] = [new Float32Array(channels), new Uint8Array(channels)]
  const importance = importanceOf(squares, outer * inner)
  for (const [channel, values] of channelValues(weight, layout)) {
    if (!values.every(Number.isFinite)) throw new NonFiniteError(name, `channel ${channel}`)
    const grid = fitScale(values, range, importance?.(channel))
    scales[channel] = grid.scale
    zeroPoints[channel] = grid.zeroPoint
  }
  return {scales: filledScales(scales), zeroPoints}
}

/** The part of the inputs' importance that belongs to a channel. */
export function importanceOf(
  squares: Float64Array | undefined,
  length: number,
): ((channel: number) => Float64Array) | undefined {
  if (!squares) return undefined
  if (squares.length % length !== 0) {
    throw new BugError(`importance of inputs: expected a multiple of ${length} values, got ${squares.length}`)
  }
  return (channel) => {
    const start = (channel * length) % squares.length
    return squares.subarray(start, start + length)
  }
}

/** The elements of each channel; valid until the next is asked for. */
function* channelValues(weight: Tensor, layout: ChannelLayout): Iterable<[number, Float32Array]> {
  const {outer, channels, inner} = layout
  const values = new Float32Array(outer * inner)
  if (outer > 1) {
    const all = readFloat32(weight)
    for (let channel = 0; channel < channels; channel++) {
      for (let o = 0; o < outer; o++) {
        const start = (o * channels + channel) * inner
        values.set(all.subarray(start, start + inner), o * inner)
      }
      yield [channel, values]
    }
    return
  }
  let [channel, filled] = [0, 0]
  for (const piece of readFloat32Slices(weight)) {
    for (let at = 0; at < piece.length; ) {
      const count = Math.min(inner - filled, piece.length - at)
      values.set(piece.subarray(at, at + count), filled)
      at += count
      filled += count
      if (filled < inner) continue
      yield [channel++, values]
      filled = 0
    }
  }
}
