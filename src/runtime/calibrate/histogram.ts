/** Bins on each side of zero. Between half and all of them serve the longer side: at least 8 bins per step of a uint8 scale. */
const SIDE = 4096
const BINS = 2 * SIDE
/** float32 knows nothing smaller. */
const SMALLEST_EXPONENT = -149
/** Copies of the counters that a long tensor is counted in, so that equal neighbours don't wait for each other: 2× as fast. */
const BANKS = 4
/** From here on clearing and adding up the copies costs less than it saves. */
const LONG = 8 * BINS

const banks = new Uint32Array(BANKS * BINS)

/** A histogram as plain data: it crosses the process border. */
export interface HistogramData {
  /** The extremes themselves, not edges of bins. */
  readonly min: number
  readonly max: number
  /** A power of two. */
  readonly binWidth: number
  /** Bin i counts the values in ((first + i) · binWidth, (first + i + 1) · binWidth]. */
  readonly first: number
  readonly counts: Float64Array
}

/**
 * Counts of values in bins that need no range in advance. The width is a power of two, an edge lies on zero, and a value beyond the
 * last bin doubles the width: pairs of bins become one, exactly. So the counts depend on the values alone, not on their order, on
 * the batches they come in or on how they were shared out among processes. Bins are open below: without negative values,
 * zero has the bin that ends in it for itself.
 */
export class Histogram {
  readonly #counts = new Float64Array(BINS)
  #exponent = SMALLEST_EXPONENT
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  /**
   * Counts values; about 1 ns each.
   *
   * @param values finite
   * @param range their extremes, or wider; finite
   */
  add(values: Float32Array, {min, max}: {readonly min: number; readonly max: number}): void {
    if (values.length === 0) return
    this.#cover(min, max)
    if (values.length < LONG) this.#addShort(values)
    else this.#addLong(values)
  }

  /** Adds what another histogram counted. */
  merge({min, max, binWidth, first, counts}: HistogramData): void {
    if (counts.length === 0) return
    this.#cover(min, max)
    this.#widenTo(Math.log2(binWidth))
    const shift = Math.min(31, this.#exponent - Math.log2(binWidth))
    for (let index = 0; index < counts.length; index++) {
      const bin = ((first + index) >> shift) + SIDE
      this.#counts[bin] = (this.#counts[bin] as number) + (counts[index] as number)
    }
  }

  /** The bins from the first to the last that counted anything. */
  data(): HistogramData {
    const isUsed = (count: number) => count > 0
    const start = this.#counts.findIndex(isUsed)
    const counts = start < 0 ? new Float64Array(0) : this.#counts.slice(start, this.#counts.findLastIndex(isUsed) + 1)
    return {min: this.#min, max: this.#max, binWidth: 2 ** this.#exponent, first: start - SIDE, counts}
  }

  #addShort(values: Float32Array): void {
    const counts = this.#counts
    const scale = 2 ** -this.#exponent
    for (let index = 0; index < values.length; index++) {
      const bin = Math.ceil((values[index] as number) * scale) + (SIDE - 1)
      counts[bin] = (counts[bin] as number) + 1
    }
  }

  #addLong(values: Float32Array): void {
    banks.fill(0)
    countInBanks(values, 2 ** -this.#exponent)
    for (let bin = 0; bin < BINS; bin++) {
      let count = this.#counts[bin] as number
      for (let bank = 0; bank < BANKS; bank++) count += banks[bank * BINS + bin] as number
      this.#counts[bin] = count
    }
  }

  /** Makes the bins wide enough for a range. */
  #cover(min: number, max: number): void {
    this.#min = Math.min(this.#min, min)
    this.#max = Math.max(this.#max, max)
    const peak = Math.max(-min, max)
    if (peak === 0) return
    let exponent = Math.max(this.#exponent, Math.floor(Math.log2(peak)) - Math.log2(SIDE) - 1)
    while (max > SIDE * 2 ** exponent || min <= -SIDE * 2 ** exponent) exponent++
    this.#widenTo(exponent)
  }

  #widenTo(exponent: number): void {
    if (exponent <= this.#exponent) return
    const narrow = this.#counts.slice()
    const shift = Math.min(31, exponent - this.#exponent)
    this.#counts.fill(0)
    for (let index = 0; index < BINS; index++) {
      const bin = ((index - SIDE) >> shift) + SIDE
      this.#counts[bin] = (this.#counts[bin] as number) + (narrow[index] as number)
    }
    this.#exponent = exponent
  }
}

/** One tight loop over one array type: everything else here is paid once per tensor, this once per value. */
function countInBanks(values: Float32Array, scale: number): void {
  const whole = values.length - (values.length % BANKS)
  for (let index = 0; index < whole; index += BANKS) {
    const bin0 = (Math.ceil((values[index] as number) * scale) + (SIDE - 1)) | 0
    const bin1 = (Math.ceil((values[index + 1] as number) * scale) + (SIDE - 1 + BINS)) | 0
    const bin2 = (Math.ceil((values[index + 2] as number) * scale) + (SIDE - 1 + 2 * BINS)) | 0
    const bin3 = (Math.ceil((values[index + 3] as number) * scale) + (SIDE - 1 + 3 * BINS)) | 0
    banks[bin0] = (banks[bin0] as number) + 1
    banks[bin1] = (banks[bin1] as number) + 1
    banks[bin2] = (banks[bin2] as number) + 1
    banks[bin3] = (banks[bin3] as number) + 1
  }
  for (let index = whole; index < values.length; index++) {
    const bin = Math.ceil((values[index] as number) * scale) + (SIDE - 1)
    banks[bin] = (banks[bin] as number) + 1
  }
}
