import type {ImageShape} from './image-plan.js'

/** How one output line is mixed from input lines: weights of `from`, `from + 1`, … */
interface Tap {
  readonly from: number
  readonly weights: readonly number[]
}

/**
 * Bilinear resizing with antialiasing, pixel centres at half positions: what Pillow's BILINEAR and torchvision do,
 * and ONNX Resize with `antialias=1` and `exclude_outside=1`. One pass per axis.
 *
 * @param image `[height, width, channels]` or `[channels, height, width]`, as `shape` says; not modified.
 * @param size height, width
 * @returns the same layout, unrounded.
 */
export function resize(image: ArrayLike<number>, shape: ImageShape, size: readonly [number, number]): Float32Array {
  const {height, width, channels, channelsFirst} = shape
  const [newHeight, newWidth] = size
  const planes = channelsFirst ? channels : 1
  const depth = channelsFirst ? 1 : channels
  const narrow = resizeAxis(image, [planes * height, width, depth], newWidth)
  return resizeAxis(narrow, [planes, height, newWidth * depth], newHeight)
}

/** Resizes the middle axis of `[outer, length, inner]`. */
function resizeAxis(
  data: ArrayLike<number>,
  [outer, length, inner]: [number, number, number],
  size: number,
): Float32Array {
  const out = new Float32Array(outer * size * inner)
  const taps = tapsOf(length, size)
  for (let block = 0; block < outer; block++) {
    taps.forEach(({from, weights}, line) => {
      const target = (block * size + line) * inner
      weights.forEach((weight, tap) => {
        const source = (block * length + from + tap) * inner
        for (let i = 0; i < inner; i++)
          out[target + i] = (out[target + i] as number) + weight * (data[source + i] as number)
      })
    })
  }
  return out
}

/** A triangle around each output's centre, wider when shrinking, cut at the edges and summing to 1. */
function tapsOf(length: number, size: number): Tap[] {
  const scale = length / size
  const reach = Math.max(scale, 1)
  return Array.from({length: size}, (_, line) => {
    const centre = (line + 0.5) * scale
    const from = Math.max(0, Math.trunc(centre - reach + 0.5))
    const to = Math.min(length, Math.trunc(centre + reach + 0.5))
    const raw = Array.from({length: to - from}, (_, tap) =>
      Math.max(0, 1 - Math.abs((from + tap + 0.5 - centre) / reach)),
    )
    const sum = raw.reduce((total, weight) => total + weight, 0)
    return {from, weights: raw.map((weight) => weight / sum)}
  })
}
