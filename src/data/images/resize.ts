import type {ResampleFilter} from '../dataset.js'
import type {ImageShape} from './image-plan.js'
import {coefficientsOf, type Taps} from './resample-filter.js'

export interface ResizeOptions {
  readonly filter: ResampleFilter
  /** Values are bytes: rounded after each axis and kept inside 0..255, as Pillow does. */
  readonly bytes: boolean
}

/** Pillow keeps its weights as integers of this many bits after the point: 32 − 8 − 2 (Resample.c). */
const WEIGHT_SCALE = 2 ** 22

/**
 * Resizes with antialiasing, pixel centres at half positions. Bytes come out exactly as from Pillow's `Image.resize`; floats as from
 * ONNX Resize with `antialias=1` and `exclude_outside=1`.
 *
 * @param image `[height, width, channels]` or `[channels, height, width]`, as `shape` says; not modified.
 * @param size height, width
 * @returns the same layout.
 */
export function resize(
  image: ArrayLike<number>,
  shape: ImageShape,
  [newHeight, newWidth]: readonly [number, number],
  {filter, bytes}: ResizeOptions,
): ArrayLike<number> {
  const {height, width, channels, channelsFirst} = shape
  const planes = channelsFirst ? channels : 1
  const depth = channelsFirst ? 1 : channels
  const axis = filter === 'nearest' ? pickAxis : bytes ? resizeBytes : resizeFloats
  const narrow =
    newWidth === width ? image : axis(image, [planes * height, width, depth], coefficientsOf(width, newWidth, filter))
  return newHeight === height
    ? narrow
    : axis(narrow, [planes, height, newWidth * depth], coefficientsOf(height, newHeight, filter))
}

type Block = readonly [outer: number, length: number, inner: number]

/** Resizes the middle axis of `[outer, length, inner]`. */
function resizeFloats(data: ArrayLike<number>, [outer, length, inner]: Block, taps: Taps): Float32Array {
  const out = new Float32Array(outer * taps.size * inner)
  mix(data, [outer, length, inner], taps, taps.weights, (target, sum) => {
    out[target] = sum
  })
  return out
}

function resizeBytes(data: ArrayLike<number>, [outer, length, inner]: Block, taps: Taps): Uint8ClampedArray {
  const out = new Uint8ClampedArray(outer * taps.size * inner)
  const weights = taps.weights.map((weight) => Math.sign(weight) * Math.floor(Math.abs(weight) * WEIGHT_SCALE + 0.5))
  mix(data, [outer, length, inner], taps, weights, (target, sum) => {
    out[target] = Math.floor((sum + WEIGHT_SCALE / 2) / WEIGHT_SCALE)
  })
  return out
}

function mix(
  data: ArrayLike<number>,
  [outer, length, inner]: Block,
  {size, from, counts, reach}: Taps,
  weights: Float64Array,
  store: (target: number, sum: number) => void,
): void {
  for (let block = 0; block < outer; block++) {
    for (let line = 0; line < size; line++) {
      const [first, count] = [from[line] as number, counts[line] as number]
      const source = (block * length + first) * inner
      const target = (block * size + line) * inner
      for (let i = 0; i < inner; i++) {
        let sum = 0
        for (let tap = 0; tap < count; tap++) {
          sum += (weights[line * reach + tap] as number) * (data[source + tap * inner + i] as number)
        }
        store(target + i, sum)
      }
    }
  }
}

/** Nearest neighbour: one line of the source for each. */
function pickAxis(data: ArrayLike<number>, [outer, length, inner]: Block, {size, from}: Taps): Float32Array {
  const out = new Float32Array(outer * size * inner)
  for (let block = 0; block < outer; block++) {
    for (let line = 0; line < size; line++) {
      const source = (block * length + (from[line] as number)) * inner
      for (let i = 0; i < inner; i++) out[(block * size + line) * inner + i] = data[source + i] as number
    }
  }
  return out
}
