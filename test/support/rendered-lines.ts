import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import sharp from 'sharp'

/** What PaddleOCR's recognizer wants: 48 pixels high, zeros on the right. */
export const LINE = {height: 48, width: 400} as const

const WORDS =
  'the quick brown fox jumps over lazy dog invoice total amount due date street number customer account balance payment received order shipped weight model price tax city north river window garden music paper silver morning Paris London Berlin Tokyo John Mary Report Section Figure Table'.split(
    ' ',
  )
/** Fonts of Debian's fonts-dejavu-core. */
const FONTS = ['DejaVu Sans', 'DejaVu Serif', 'DejaVu Sans Mono']

const MARGIN = {top: 8, bottom: 8, left: 8, right: 8, background: 'white'} as const

/** A picture of a line of text, and the text. */
export interface RenderedLine {
  readonly text: string
  /** `[3, height, width]`, `(x/255 − 0.5)/0.5`, zero where the text has ended */
  readonly pixels: Float32Array
}

/** Lines of words and numbers in three fonts, several sizes and shades of grey, the same for the same seed. */
export async function renderLines(
  count: number,
  seed: number,
  fonts: readonly string[] = FONTS,
): Promise<RenderedLine[]> {
  const generator = xoroshiro128plus(seed)
  const below = (limit: number) => uniformInt(generator, 0, limit - 1)
  const lines: RenderedLine[] = []
  for (let i = 0; i < count; i++) {
    const words = Array.from({length: 2 + below(2)}, () => WORDS[below(WORDS.length)])
    const text = below(3) === 0 ? `${words.slice(1).join(' ')} ${below(100_000)}` : words.join(' ')
    const style = {
      font: fonts[below(3)] as string,
      size: 26 + below(7),
      ink: below(90),
      paper: 190 + below(66),
      noise: below(12),
    }
    lines.push({text, pixels: await pixelsOf(text, style, below)})
  }
  return lines
}

interface Style {
  readonly font: string
  readonly size: number
  readonly ink: number
  readonly paper: number
  /** Largest change of a pixel, of 255. */
  readonly noise: number
}

async function pixelsOf(text: string, style: Style, below: (limit: number) => number): Promise<Float32Array> {
  const {ink, paper, noise} = style
  const {data, width, height} = await drawn(text, style)
  const pixels = new Float32Array(3 * LINE.height * LINE.width)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const shade = ink + ((data[y * width + x] as number) / 255) * (paper - ink) + below(2 * noise + 1) - noise
      const value = (Math.max(0, Math.min(255, shade)) / 255 - 0.5) / 0.5
      for (let c = 0; c < 3; c++) pixels[(c * LINE.height + y) * LINE.width + x] = value
    }
  }
  return pixels
}

/** Black on white, cut to the text and a margin, made to fit. */
async function drawn(text: string, {font, size}: Style) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1500" height="64"><rect width="100%" height="100%" fill="white"/>
    <text x="8" y="44" font-family="${font}" font-size="${size}" fill="black">${text}</text></svg>`
  const trimmed = await sharp(Buffer.from(svg)).trim({background: 'white'}).extend(MARGIN).png().toBuffer()
  const size48 = {height: LINE.height, width: LINE.width, fit: 'inside'} as const
  const {data, info} = await sharp(trimmed).resize(size48).greyscale().raw().toBuffer({resolveWithObject: true})
  return {data, width: info.width, height: info.height}
}
