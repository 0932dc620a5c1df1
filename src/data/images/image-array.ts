import {DataError} from '../../errors.js'
import type {InputPort, PreprocessSpec} from '../dataset.js'
import type {RowReader, SampleArray} from '../samples/sample-array.js'
import type {SampleOrder} from '../samples/sample-order.js'
import {decodeImage, type Pixels} from './decode-image.js'
import {fitImage} from './fit-image.js'
import type {ImageFiles} from './image-files.js'
import {fixesSize, type ImageSize, preparedSize} from './image-size.js'

/**
 * Files that are being decoded, or wait decoded for their turn: while a run of the runtime holds this thread, those of Node's pool go
 * on with them. Large photos are few at a time, one per thread of the pool at least.
 */
const AHEAD = {bytes: 64 * 2 ** 20, fewest: 4, most: 256} as const

interface Wanted {
  /** What every image comes out in. */
  readonly size: ImageSize
  readonly channels: 1 | 3
  readonly spec: PreprocessSpec
  /** How many are decoded before they are asked for. */
  readonly ahead: number
}

/**
 * Image files as an array of bytes, `[files, height, width, channels]`: decoded, resized and cropped when they are read, a batch at a
 * time. The first file is decoded now, and sets the size where nothing else does.
 *
 * @throws DataError for a damaged file, and when its size does not fit.
 */
export async function imageArray(
  folder: string,
  {paths}: ImageFiles,
  input: InputPort,
  spec: PreprocessSpec,
): Promise<SampleArray> {
  const first = await decodeImage(paths[0] as string, channelsFor(input, spec))
  const size = preparedSize([first.height, first.width], spec)
  const ahead = Math.floor(AHEAD.bytes / first.data.length)
  const wanted: Wanted = {
    size,
    channels: first.channels,
    spec,
    ahead: Math.max(AHEAD.fewest, Math.min(AHEAD.most, ahead)),
  }
  return {
    name: 'images',
    where: folder,
    dtype: 'uint8',
    shape: [paths.length, ...size, first.channels],
    isPixels: true,
    channelsLast: true,
    placeOf: (sample) => paths[sample] ?? `image ${sample}`,
    open: async (order) => reader(paths, order, wanted),
  }
}

/** What the flags say, else what the input takes; undefined: what the first file has. */
function channelsFor({shape}: InputPort, {channels, layout}: PreprocessSpec): 1 | 3 | undefined {
  if (channels) return channels === 'gray' ? 1 : 3
  if (shape?.length !== 4) return undefined
  const axes = layout ? [layout === 'nchw' ? 1 : 3] : [1, 3]
  const size = axes.map((axis) => shape[axis]).find((dim) => dim === 1 || dim === 3)
  return size === 1 || size === 3 ? size : undefined
}

function reader(paths: readonly string[], order: SampleOrder, wanted: Wanted): RowReader {
  const rowBytes = wanted.size[0] * wanted.size[1] * wanted.channels
  const started = new Map<number, Promise<ArrayLike<number>>>()
  let next = 0
  const startUntil = (end: number): void => {
    for (; next < Math.min(end, order.count); next++) {
      const image = readOne(paths[order.at(next)] as string, wanted)
      // told to whoever reads this far
      image.catch(() => undefined)
      started.set(next, image)
    }
  }
  return {
    async read(from, count) {
      const out = new Uint8Array(count * rowBytes)
      next = Math.max(next, from)
      for (let row = 0; row < count; row++) {
        startUntil(from + row + wanted.ahead)
        out.set(await (started.get(from + row) as Promise<ArrayLike<number>>), row * rowBytes)
        started.delete(from + row)
      }
      return out
    },
    close: async () => void (await Promise.allSettled(started.values())),
  }
}

async function readOne(path: string, {size, channels, spec}: Wanted): Promise<ArrayLike<number>> {
  const pixels = await decodeImage(path, channels)
  const found = preparedSize([pixels.height, pixels.width], spec)
  if (found[0] !== size[0] || found[1] !== size[1]) throw otherSize(path, pixels, size, spec)
  return fitImage(pixels.data, {...pixels, channelsFirst: false}, spec, true)
}

function otherSize(path: string, {height, width}: Pixels, size: ImageSize, spec: PreprocessSpec): DataError {
  const prepared =
    fixesSize(spec) || !spec.resize ? '' : `, resized to ${preparedSize([height, width], spec).join('x')}`
  return new DataError(
    `${path}: expected an image of ${size.join('x')} like the first one, got ${height}x${width}${prepared}`,
    {hint: 'Bring all images to one size with --resize HEIGHTxWIDTH, or with --preprocess'},
  )
}
