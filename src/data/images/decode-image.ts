import {DataError, UnsupportedError} from '../../errors.js'

/** Decoded bytes, `[height, width, channels]`. */
export interface Pixels {
  readonly height: number
  readonly width: number
  readonly channels: 1 | 3
  readonly data: Uint8Array
}

/** Twice Pillow's warning threshold, where Pillow refuses too: half a GB of RGB. A small file may claim any size. */
const MAX_PIXELS = 2 * 89_478_485

/** In red, green, blue, of 2^16: Pillow's conversion to 'L' (Convert.c), so bytes agree. ITU-R BT.601. */
const LUMA = [19595, 38470, 7471] as const

/** libvips' names of gray. */
const GRAY_SPACES: ReadonlySet<string> = new Set(['b-w', 'grey16'])

type Sharp = typeof import('sharp').default

/**
 * Decodes a png, jpeg or webp file as Pillow does: turned upright by its EXIF orientation, colour profiles not applied, transparency
 * dropped, 16 bits cut to 8.
 *
 * @param channels 1 mixes colours to gray, 3 repeats gray, undefined takes what the file has.
 * @throws DataError for a file that is damaged, cut off, too large or something else.
 */
export async function decodeImage(path: string, channels: 1 | 3 | undefined): Promise<Pixels> {
  const sharp = await loadSharp()
  try {
    const image = sharp(path, {failOn: 'error', limitInputPixels: MAX_PIXELS, ignoreIcc: true})
    const {space = ''} = await image.metadata()
    const isInk = space === 'cmyk'
    const upright = isInk ? image.pipelineColourspace('cmyk').toColourspace('cmyk').autoOrient() : image.autoOrient()
    const {data, info} = await upright.raw({depth: 'uchar'}).toBuffer({resolveWithObject: true})
    const decoded = {...info, data: isInk ? fromInk(data) : data, channels: isInk ? 3 : info.channels}
    return convert(decoded, channels ?? (GRAY_SPACES.has(space) ? 1 : 3))
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
    throw new DataError(`${path}: expected an image, got one that cannot be decoded (${reason})`, {
      cause,
      hint: 'Remove the file or replace it by a good copy',
    })
  }
}

let loaded: Sharp | undefined

/** Only image folders need it, and it takes 30 MB. */
async function loadSharp(): Promise<Sharp> {
  if (loaded) return loaded
  try {
    loaded = (await import('sharp')).default
  } catch (cause) {
    throw new UnsupportedError('images cannot be decoded: the package sharp has no build for this machine', {
      cause,
      hint: 'Install it with `npm install sharp`, or save the images as an .npz of bytes',
    })
  }
  // nothing is read twice, and several files are decoded at once already
  loaded.cache(false)
  loaded.concurrency(1)
  return loaded
}

/** Cyan, magenta, yellow, black of printers → red, green, blue, by the plain formula of Pillow (Convert.c, cmyk2rgb). */
function fromInk(data: Uint8Array): Uint8Array {
  const out = new Uint8ClampedArray((data.length / 4) * 3)
  for (let pixel = 0; pixel < data.length / 4; pixel++) {
    const white = 255 - (data[pixel * 4 + 3] as number)
    for (let c = 0; c < 3; c++) {
      const product = (data[pixel * 4 + c] as number) * white + 128
      // a division by 255, rounded
      out[pixel * 3 + c] = white - (((product >> 8) + product) >> 8)
    }
  }
  return new Uint8Array(out.buffer)
}

/** Drops transparency, mixes or repeats. Gray files may come out as three equal channels. */
function convert(
  {height, width, data, channels: stored}: {height: number; width: number; data: Uint8Array; channels: number},
  channels: 1 | 3,
): Pixels {
  if (stored === channels) return {height, width, channels, data}
  const isGray = stored < 3
  const out = new Uint8Array(height * width * channels)
  for (let pixel = 0; pixel < height * width; pixel++) {
    const [from, to] = [pixel * stored, pixel * channels]
    if (channels === 1) out[to] = isGray ? (data[from] as number) : lumaAt(data, from)
    else for (let c = 0; c < 3; c++) out[to + c] = data[from + (isGray ? 0 : c)] as number
  }
  return {height, width, channels, data: out}
}

function lumaAt(data: Uint8Array, at: number): number {
  const [red, green, blue] = [data[at] as number, data[at + 1] as number, data[at + 2] as number]
  return (red * LUMA[0] + green * LUMA[1] + blue * LUMA[2] + 0x8000) >> 16
}
