import {DataError} from '../../errors.js'
import type {InputPort, PreprocessSpec} from '../dataset.js'
import {fitImage} from '../fit-image.js'
import {fixesSize, type ImageSize, preparedSize} from '../image-size.js'
import type {RowReader, SampleArray} from '../sample-array.js'
import type {SampleOrder} from '../sample-order.js'
import {decodeImage, type Pixels} from './decode-image.js'
import type {ImageFiles} from './image-files.js'

/** Files decoded at the same time: one per thread of Node's pool. */
const DECODED_AT_ONCE = 4

interface Wanted {
  /** What every image comes out in. */
  readonly size: ImageSize
  readonly channels: 1 | 3
  readonly spec: PreprocessSpec
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
  const wanted: Wanted = {size, channels: first.channels, spec}
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
  return {
    async read(from, count) {
      const out = new Uint8Array(count * rowBytes)
      for (let start = 0; start < count; start += DECODED_AT_ONCE) {
        const rows = Array.from({length: Math.min(DECODED_AT_ONCE, count - start)}, (_, index) => start + index)
        const prepared = await Promise.all(rows.map((row) => readOne(paths[order.at(from + row)] as string, wanted)))
        for (const [index, image] of prepared.entries()) out.set(image, (start + index) * rowBytes)
      }
      return out
    },
    close: async () => undefined,
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
