import type {HistogramData} from './histogram.js'

/**
 * The range without its tails: of 100 − percentile, half is cut at each side, as ONNX Runtime's calibration does for asymmetric
 * activations (99.99 cuts 0.005 % below and 0.005 % above). Ends are outer edges of bins: the quantile itself is never cut.
 *
 * @param percentile 50..100
 * @see onnxruntime/python/tools/quantization/calibrate.py, HistogramCollector.compute_percentile
 */
export function percentileRange(data: HistogramData, percentile: number): {min: number; max: number} {
  const {min, max, binWidth, first, counts} = data
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return {min, max}
  const cut = (total * (100 - percentile)) / 200
  const low = binBeyond(counts, cut, 0, 1)
  const high = binBeyond(counts, cut, counts.length - 1, -1)
  return {
    min: Math.max(min, (first + low) * binWidth),
    max: Math.min(max, (first + high + 1) * binWidth),
  }
}

/** The bin at which the count from one end exceeds `cut`. */
function binBeyond(counts: Float64Array, cut: number, start: number, step: 1 | -1): number {
  let seen = 0
  for (let bin = start; bin >= 0 && bin < counts.length; bin += step) {
    seen += counts[bin] as number
    if (seen > cut) return bin
  }
  return start
}
