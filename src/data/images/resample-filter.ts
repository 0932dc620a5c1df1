import type {ResampleFilter} from '../dataset.js'

/** How each output line is mixed from input lines: `counts[line]` lines from `from[line]` on, weights at `line · reach`. */
export interface Taps {
  readonly size: number
  readonly reach: number
  readonly from: Int32Array
  readonly counts: Int32Array
  /** `[size, reach]`; the weights of a line sum to 1 */
  readonly weights: Float64Array
}

interface Kernel {
  /** Half its width, in output pixels when shrinking. */
  readonly support: number
  weight(distance: number): number
}

/** @see Pillow 12, src/libImaging/Resample.c; bicubic with a = −0.5 */
const KERNELS: Readonly<Record<Exclude<ResampleFilter, 'nearest'>, Kernel>> = {
  box: {support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0)},
  bilinear: {support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x))},
  hamming: {support: 1, weight: hamming},
  bicubic: {support: 2, weight: bicubic},
  lanczos: {support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0)},
}

function hamming(x: number): number {
  const distance = Math.abs(x)
  if (distance >= 1) return 0
  return distance === 0 ? 1 : sinc(distance) * (0.54 + 0.46 * Math.cos(Math.PI * distance))
}

function bicubic(x: number): number {
  const distance = Math.abs(x)
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1
  return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * -0.5 : 0
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** The weights that bring `length` lines to `size` lines: wider when shrinking, cut at the edges. */
export function coefficientsOf(length: number, size: number, filter: ResampleFilter): Taps {
  if (filter === 'nearest') return nearest(length, size)
  const {support, weight} = KERNELS[filter]
  const scale = length / size
  const stretch = Math.max(scale, 1)
  const half = support * stretch
  const reach = Math.ceil(half) * 2 + 1
  const taps = {
    size,
    reach,
    from: new Int32Array(size),
    counts: new Int32Array(size),
    weights: new Float64Array(size * reach),
  }
  for (let line = 0; line < size; line++) {
    const centre = (line + 0.5) * scale
    const from = Math.max(0, Math.trunc(centre - half + 0.5))
    const count = Math.min(length, Math.trunc(centre + half + 0.5)) - from
    taps.from[line] = from
    taps.counts[line] = count
    const own = taps.weights.subarray(line * reach, line * reach + count)
    // one reciprocal, then products: the last bit decides some bytes
    for (let tap = 0; tap < count; tap++) own[tap] = weight((tap + from - centre + 0.5) * (1 / stretch))
    normalize(own)
  }
  return taps
}

function normalize(weights: Float64Array): void {
  let sum = 0
  for (const weight of weights) sum += weight
  for (let tap = 0; tap < weights.length; tap++) weights[tap] = (weights[tap] as number) / sum
}

/** Pillow steps by repeated addition (Geometry.c, ImagingScaleAffine), so ties fall as its rounding has them. */
function nearest(length: number, size: number): Taps {
  const step = length / size
  const from = new Int32Array(size)
  let position = step * 0.5
  for (let line = 0; line < size; line++) {
    from[line] = Math.min(length - 1, Math.floor(position))
    position += step
  }
  return {size, reach: 1, from, counts: new Int32Array(size).fill(1), weights: new Float64Array(size).fill(1)}
}
