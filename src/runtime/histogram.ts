/** As many bins as ONNX Runtime's percentile calibration uses. */
const BINS = 2048

/** Counts of values in equal bins over a known range. */
export class Histogram {
  readonly #counts = new Float64Array(BINS)
  readonly #scale: number

  constructor(
    private readonly min: number,
    private readonly max: number,
  ) {
    this.#scale = max > min ? BINS / (max - min) : 0
  }

  /** Adds finite values of the range. */
  add(values: Float32Array): void {
    // integer counts and |0 keep the loop at about 1 ns per value; the maximum falls into the bin after the last
    const fresh = new Uint32Array(BINS + 1)
    const [min, scale] = [this.min, this.#scale]
    for (let index = 0; index < values.length; index++) {
      const bin = (((values[index] as number) - min) * scale) | 0
      fresh[bin] = (fresh[bin] as number) + 1
    }
    for (let bin = 0; bin <= BINS; bin++) {
      const kept = Math.min(bin, BINS - 1)
      this.#counts[kept] = (this.#counts[kept] as number) + (fresh[bin] as number)
    }
  }

  /**
   * The range without its tails: of 100 − percentile, half is cut at each side, as ONNX Runtime's calibration does for asymmetric
   * activations (99.99 cuts 0.005 % below and 0.005 % above). Ends are outer edges of bins: the quantile itself is never cut.
   *
   * @param percentile 50..100
   * @see onnxruntime/python/tools/quantization/calibrate.py, HistogramCollector.compute_percentile
   */
  range(percentile: number): {min: number; max: number} {
    const total = this.#counts.reduce((sum, count) => sum + count, 0)
    if (this.#scale === 0 || total === 0) return {min: this.min, max: this.max}
    const cut = (total * (100 - percentile)) / 200
    const first = this.#binBeyond(cut, 0, 1)
    const last = this.#binBeyond(cut, BINS - 1, -1)
    return {
      min: this.min + first / this.#scale,
      max: last === BINS - 1 ? this.max : this.min + (last + 1) / this.#scale,
    }
  }

  /** The bin at which the count from one end exceeds `cut`. */
  #binBeyond(cut: number, start: number, step: 1 | -1): number {
    let seen = 0
    for (let bin = start; bin >= 0 && bin < BINS; bin += step) {
      seen += this.#counts[bin] as number
      if (seen > cut) return bin
    }
    return start
  }
}
