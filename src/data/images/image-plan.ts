import {DataError, UsageError} from '../../errors.js'
import type {Dim} from '../../ir/dim.js'
import {type DType, isFloat} from '../../ir/dtype.js'
import type {InputPort, PreprocessSpec} from '../dataset.js'
import {describeArray, rowShapeOf, type SampleArray} from '../samples/sample-array.js'
import {preparedSize} from './image-size.js'

/** Where the numbers of an image lie in a sample. */
export interface ImageShape {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly channelsFirst: boolean
}

/** Everything that happens to the pixels of one input: `y = (x · scale − mean) / std` after resizing and channel changes. */
export interface ImagePlan {
  readonly source: ImageShape
  readonly target: ImageShape
  /** How the size changes from one to the other. */
  readonly spec: PreprocessSpec
  readonly channels: 'gray' | 'rgb' | 'bgr' | undefined
  readonly scale: number
  /** one per target channel */
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

/** A flag of the user's changes pixels; without one only the default scale does. */
export function asksForPreprocessing(spec: PreprocessSpec): boolean {
  return Object.values(spec).some((value) => value !== undefined)
}

/**
 * Whether an array is a set of images: the format says so (image files, IDX), or preprocessing is asked for and the array could be
 * images. Bytes of an npz, npy or table are values like any others until a flag says otherwise.
 */
export function isImages(array: SampleArray, spec: PreprocessSpec): boolean {
  if (array.isPixels) return true
  const rank = array.shape.length - 1
  return asksForPreprocessing(spec) && rank >= 1 && rank <= 3 && (array.dtype === 'uint8' || isFloat(array.dtype))
}

/** @throws DataError or UsageError when the flags do not fit the images. */
export function imagePlan(array: SampleArray, input: InputPort, spec: PreprocessSpec): ImagePlan {
  const channelsFirst = spec.layout ? spec.layout === 'nchw' : !endsWithChannels(input)
  const source = sourceShape(array, input, channelsFirst)
  const channels = targetChannels(array, source, spec)
  const [height, width] = preparedSize([source.height, source.width], spec)
  return {
    source,
    spec,
    target: {height, width, channels, channelsFirst},
    channels: spec.channels,
    scale: spec.scale ?? defaultScale(array, input.dtype, spec),
    mean: perChannel('--mean', spec.mean ?? [0], channels),
    std: perChannel('--std', spec.std ?? [1], channels),
  }
}

/** The shape of one prepared image. */
export function targetRow({target}: ImagePlan, sourceRank: number): readonly number[] {
  const {height, width, channels, channelsFirst} = target
  if (sourceRank === 1) return [width]
  if (channels === 1 && sourceRank === 2) return [height, width]
  return channelsFirst ? [channels, height, width] : [height, width, channels]
}

/**
 * Bytes of image files and IDX become 0..1 in a float input. Those of other arrays do where a mean or deviation is given; either kind
 * stays in 0..255 where these are larger than 1, so cannot be of numbers in 0..1. Everything else is taken as it is.
 */
function defaultScale(array: SampleArray, to: DType, {mean, std}: PreprocessSpec): number {
  if (array.dtype !== 'uint8' || !isFloat(to)) return 1
  const statistics = [...(mean ?? []), ...(std ?? [])]
  if (statistics.length === 0) return array.isPixels ? 1 / 255 : 1
  return statistics.every((value) => Math.abs(value) <= 1) ? 1 / 255 : 1
}

/** 1 and 3 are the channel counts of gray and colour images. */
function isChannelCount(size: Dim): boolean {
  return size === 1 || size === 3
}

function endsWithChannels(input: InputPort): boolean {
  return input.shape?.length === 4 && holdsChannels(input.shape[1], input.shape[3]) === false
}

function sourceShape(array: SampleArray, input: InputPort, wantsChannelsFirst: boolean): ImageShape {
  const row = rowShapeOf(array)
  const [a = 1, b = 1, c = 1] = row
  if (array.channelsLast) return {height: a, width: b, channels: c, channelsFirst: false}
  if (row.length === 1) return {height: 1, width: a, channels: 1, channelsFirst: true}
  if (row.length === 2) return {height: a, width: b, channels: 1, channelsFirst: true}
  if (row.length !== 3) {
    throw new DataError(`array '${array.name}' for input '${input.name}': expected images, got ${describeArray(array)}`)
  }
  const channelsFirst = holdsChannels(a, c) ?? wantsChannelsFirst
  if (channelsFirst) return {height: b, width: c, channels: a, channelsFirst}
  return {height: a, width: b, channels: c, channelsFirst}
}

/** Whether the first or the last size is the channel count; undefined when it could be both or none. */
function holdsChannels(first: Dim, last: Dim): boolean | undefined {
  for (const isCount of [isChannelCount, (size: Dim) => size === 3]) {
    if (isCount(first) !== isCount(last)) return isCount(first)
  }
  return undefined
}

function targetChannels(array: SampleArray, source: ImageShape, spec: PreprocessSpec): number {
  if (!spec.channels) return source.channels
  if (!isChannelCount(source.channels)) {
    throw new DataError(
      `array '${array.name}': --channels ${spec.channels} expects images of 1 or 3 channels, got ${describeArray(array)}`,
    )
  }
  return spec.channels === 'gray' ? 1 : 3
}

function perChannel(flag: string, values: readonly number[], channels: number): readonly number[] {
  if (values.length !== 1 && values.length !== channels) {
    throw new UsageError(
      `${flag}: expected one value or one for each of ${channels} channels, got ${values.length} values`,
    )
  }
  if (!values.every((value) => Number.isFinite(value)) || (flag === '--std' && values.includes(0))) {
    throw new UsageError(
      `${flag}: expected finite numbers${flag === '--std' ? ' other than 0' : ''}, got ${values.join(', ')}`,
    )
  }
  return Array.from({length: channels}, (_, channel) => values[values.length === 1 ? 0 : channel] as number)
}
