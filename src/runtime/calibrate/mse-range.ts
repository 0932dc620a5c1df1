import {type Clip, type ClipBins, clipBins, clippedRange, searchClip} from './clip-search.js'
import type {HistogramData} from './histogram.js'

const UINT8_MAX = 255

/**
 * The range whose uint8 quantization has the smallest expected squared error, rounding inside and saturation outside together, over
 * all ranges [low, high] around zero with low and high on edges of bins. Values count as spread evenly over their bin; scale and
 * zero point are those that the range is going to get, zero point rounded. Exact zeros of tensors without negative values have no
 * error.
 */
export function mseRange(data: HistogramData): {min: number; max: number} {
  const bins = clipBins(data)
  const error = new SquaredError(bins)
  return clippedRange(
    data,
    bins,
    searchClip(bins, (clip) => error.of(clip)),
  )
}

/** The squared error of any range in 256 steps: the integral over each cell of the quantizer, from running moments. Unit: bins. */
class SquaredError {
  /** Sums over the bins before an edge of 1, x and x². */
  readonly #zeroth: Float64Array
  readonly #first: Float64Array
  readonly #second: Float64Array

  constructor(private readonly bins: ClipBins) {
    const {counts, zero} = bins
    const moments = () => new Float64Array(counts.length + 1)
    ;[this.#zeroth, this.#first, this.#second] = [moments(), moments(), moments()]
    for (let index = 0; index < counts.length; index++) {
      const [count, x] = [counts[index] as number, index - zero]
      this.#zeroth[index + 1] = (this.#zeroth[index] as number) + count
      this.#first[index + 1] = (this.#first[index] as number) + count * (x + 1 / 2)
      this.#second[index + 1] = (this.#second[index] as number) + count * (x * x + x + 1 / 3)
    }
  }

  /** Sum of squared errors: Σ x² − Σ over cells of (2 · level · Σ x − level² · Σ 1). */
  of({low, high}: Clip): number {
    const {counts, zero} = this.bins
    const scale = (high - low) / UINT8_MAX
    if (scale === 0) return Number.POSITIVE_INFINITY
    const zeroPoint = Math.round((zero - low) / scale)
    let error = this.#second[counts.length] as number
    let [count, sum] = [0, 0]
    for (let q = 0; q <= UINT8_MAX; q++) {
      const level = (q - zeroPoint) * scale
      const end = q === UINT8_MAX ? counts.length : Math.min(Math.max(zero + level + scale / 2, 0), counts.length)
      const bin = Math.min(Math.floor(end), counts.length - 1)
      const inBin = (counts[bin] as number) * (end - bin)
      const countBefore = (this.#zeroth[bin] as number) + inBin
      const sumBefore = (this.#first[bin] as number) + inBin * ((end + bin) / 2 - zero)
      error -= 2 * level * (sumBefore - sum) - level * level * (countBefore - count)
      count = countBefore
      sum = sumBefore
    }
    return error
  }
}
