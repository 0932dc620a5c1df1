import type {MetricResult} from './metric.js'

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054

/** A share of samples with its 95 % interval. @see Wilson 1927, J. Am. Stat. Assoc. 22, 209-212. */
export function proportion(hits: number, total: number): MetricResult {
  const share = hits / total
  const spread = Z ** 2 / total
  const centre = (share + spread / 2) / (1 + spread)
  const half = (Z / (1 + spread)) * Math.sqrt((share * (1 - share)) / total + spread / (4 * total))
  // the ends are exact at 0 and 1, where rounding could step over
  return {value: share, low: hits === 0 ? 0 : centre - half, high: hits === total ? 1 : centre + half}
}
