import {type DType, isFloat, type TypedArray} from '../../ir/dtype.js'
import {uniformAt} from '../uniform-at.js'

/**
 * How training images change, anew in every epoch. `flip`: half of them left to right. `shift`: by up to an eighth of the sides, what
 * comes in repeats the border. `crop`: a window of three quarters of the sides or more, stretched to the whole.
 */
export type Augmentation = 'flip' | 'shift' | 'crop'

/** Changes the images of a batch. @param first position of its first sample in the order that is read. @returns fresh data. */
export type Augment = (data: TypedArray, first: number) => TypedArray

const SHIFT_SHARE = 1 / 8
const SMALLEST_WINDOW = 3 / 4

/** Places of the draws of one sample: what is drawn for one change does not depend on the others. */
const DRAW = {flip: 0, shiftX: 1, shiftY: 2, window: 3, windowX: 4, windowY: 5} as const

interface ImageRow {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly channelsFirst: boolean
}

/** For every place along a side of the result: two neighbours in the source, and the second one's share. */
interface Side {
  readonly low: Uint32Array
  readonly high: Uint32Array
  readonly share: Float64Array
}

/**
 * Changes of images as they go into a model, `[N, channels, height, width]` or `[N, height, width, channels]`; the latter is assumed
 * only where 1 or 3 stand last and not first.
 *
 * @param rowShape of one sample.
 * @param round the same seed and place in the whole round give the same change.
 * @returns undefined when the input takes no images.
 */
export function augmentFor(
  {dtype}: {readonly dtype: DType},
  rowShape: readonly number[],
  {kinds, seed, skip}: {readonly kinds: readonly Augmentation[]; readonly seed: number; readonly skip: number},
): Augment | undefined {
  const image = imageRow(rowShape)
  if (!image) return undefined
  const isSmooth = isFloat(dtype) && dtype !== 'float16'
  const rowElements = image.height * image.width * image.channels
  return (data, first) => {
    const out = data.slice()
    for (let start = 0; start < data.length; start += rowElements) {
      const draw = (place: number): number => uniformAt(seed, skip + first + start / rowElements, place)
      const [x, y] = sidesOf(image, kinds, draw, isSmooth)
      resample(data.subarray(start, start + rowElements), out.subarray(start, start + rowElements), image, x, y)
    }
    return out
  }
}

function imageRow([a, b, c, ...more]: readonly number[]): ImageRow | undefined {
  if (a === undefined || b === undefined || c === undefined || more.length > 0) return undefined
  const isCount = (size: number): boolean => size === 1 || size === 3
  const channelsFirst = isCount(a) || !isCount(c)
  return channelsFirst
    ? {channels: a, height: b, width: c, channelsFirst}
    : {height: a, width: b, channels: c, channelsFirst}
}

function sidesOf(
  {height, width}: ImageRow,
  kinds: readonly Augmentation[],
  draw: (place: number) => number,
  isSmooth: boolean,
): [x: Side, y: Side] {
  const isFlipped = kinds.includes('flip') && draw(DRAW.flip) < 0.5
  const window = kinds.includes('crop') ? 1 - (1 - SMALLEST_WINDOW) * draw(DRAW.window) : 1
  const side = (size: number, shiftPlace: number, windowPlace: number, flipped: boolean): Side => {
    const most = kinds.includes('shift') ? Math.floor(size * SHIFT_SHARE) : 0
    const shift = Math.floor(draw(shiftPlace) * (2 * most + 1)) - most
    const offset = (size - size * window) * draw(windowPlace)
    // pixels are squares around their centres: 0.5 is the centre of the first one
    const sourceAt = (place: number): number => {
      const from = flipped ? size - 1 - place : place
      return window === 1 ? from - shift : offset + (from + 0.5) * window - 0.5 - shift
    }
    return sideOf(size, sourceAt, isSmooth)
  }
  return [side(width, DRAW.shiftX, DRAW.windowX, isFlipped), side(height, DRAW.shiftY, DRAW.windowY, false)]
}

function sideOf(size: number, sourceAt: (place: number) => number, isSmooth: boolean): Side {
  const side = {low: new Uint32Array(size), high: new Uint32Array(size), share: new Float64Array(size)}
  for (let place = 0; place < size; place++) {
    const exact = Math.min(size - 1, Math.max(0, sourceAt(place)))
    const source = isSmooth ? exact : Math.round(exact)
    side.low[place] = Math.floor(source)
    side.high[place] = Math.min(size - 1, Math.floor(source) + 1)
    side.share[place] = source - Math.floor(source)
  }
  return side
}

function resample(source: TypedArray, target: TypedArray, image: ImageRow, x: Side, y: Side): void {
  const {height, width, channels, channelsFirst} = image
  const [step, plane] = channelsFirst ? [1, height * width] : [channels, 1]
  const isExact = x.share.every((share) => share === 0) && y.share.every((share) => share === 0)
  const resampleRow = isExact ? copyRow : mixRow
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < height; row++) {
      const from = channel * plane
      const [low, high] = [y.low[row] as number, y.high[row] as number]
      const rows = {low: from + low * width * step, high: from + high * width * step, share: y.share[row] as number}
      resampleRow(source, rows, x, step, target.subarray(from + row * width * step))
    }
  }
}

/** Where two rows of the source begin, and the second one's share. */
interface Rows {
  readonly low: number
  readonly high: number
  readonly share: number
}

function copyRow(source: TypedArray, {low}: Rows, {low: places}: Side, step: number, target: TypedArray): void {
  for (let place = 0; place < places.length; place++) {
    target[place * step] = source[low + (places[place] as number) * step] as never
  }
}

function mixRow(source: TypedArray, {low, high, share}: Rows, x: Side, step: number, target: TypedArray): void {
  for (let place = 0; place < x.low.length; place++) {
    const [left, right] = [(x.low[place] as number) * step, (x.high[place] as number) * step]
    const above = mix(source[low + left] as number, source[low + right] as number, x.share[place] as number)
    const below = mix(source[high + left] as number, source[high + right] as number, x.share[place] as number)
    target[place * step] = mix(above, below, share) as never
  }
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share
}
