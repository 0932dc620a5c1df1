import {type Clip, type ClipBins, clipBins, clippedRange, searchClip} from './clip-search.js'
import type {HistogramData} from './histogram.js'

/** Levels that a candidate range is reduced to, as TensorRT and ONNX Runtime do. */
const LEVELS = 128
const NEXT_TO_NOTHING = 1e-4

/**
 * The range that loses least information: it minimises the Kullback-Leibler divergence KL(P || Q) over all ranges [low, high] around
 * zero, low and high on edges of bins and at least 128 bins apart. Unlike in ONNX Runtime both ends move on their own.
 *
 * - P: the counts of the bins inside, those beyond an end added to the bin at that end (they saturate there), divided by all counts.
 * - Q: the counts inside alone; the range is divided into 128 groups of bins, equally long but for rounding, and each group's sum is
 *   spread evenly over those of its bins that P has anything in; divided by the counts inside.
 *
 * A group at an end that has nothing but what saturates there counts as 0.0001 in Q, as in ONNX Runtime. From KL its expectation for
 * counts that really are even within each group is subtracted, (bins with counts − groups with counts) / 2 per value (Miller and
 * Madow): without, few values would look as if wide ranges lost what is only noise. Exact zeros of tensors without negative values
 * don't count at all.
 *
 * @see Migacz 2017, 8-bit inference with TensorRT; onnxruntime/python/tools/quantization/calibrate.py, get_entropy_threshold
 */
export function entropyRange(data: HistogramData): {min: number; max: number} {
  const bins = clipBins(data)
  const divergence = new Divergence(bins)
  return clippedRange(
    data,
    bins,
    searchClip(bins, (clip) => divergence.of(clip)),
  )
}

/** KL for any range in 128 steps, from running sums over the bins. */
class Divergence {
  /** Sums over the bins before an edge: counts, bins with counts, and count · ln(count). */
  readonly #sums: Float64Array
  readonly #used: Float64Array
  readonly #logs: Float64Array

  constructor(private readonly bins: ClipBins) {
    const {counts} = bins
    this.#sums = runningSums(counts, (count) => count)
    this.#used = runningSums(counts, (count) => (count > 0 ? 1 : 0))
    this.#logs = runningSums(counts, timesLog)
  }

  of({low, high}: Clip): number {
    const length = high - low
    if (length < LEVELS) return Number.POSITIVE_INFINITY
    const {counts} = this.bins
    const total = this.#sums[counts.length] as number
    const [left, right] = [this.#sums[low] as number, total - (this.#sums[high] as number)]
    const inside = total - left - right
    if (inside === 0) return Number.POSITIVE_INFINITY
    let sum = (this.#logs[high] as number) - (this.#logs[low] as number)
    sum += saturated(counts[low] as number, left) + saturated(counts[high - 1] as number, right)
    let [usedBins, usedGroups] = [0, 0]
    for (let group = 0, start = low; group < LEVELS; group++) {
      const end = low + Math.floor(((group + 1) * length) / LEVELS)
      const beyond = (group === 0 ? left : 0) + (group === LEVELS - 1 ? right : 0)
      const count = (this.#sums[end] as number) - (this.#sums[start] as number)
      const used = this.#usedBins(group, start, end, {left, right})
      start = end
      if (used === 0) continue
      sum -= (count + beyond) * Math.log(Math.max(count, NEXT_TO_NOTHING) / used)
      usedBins += used
      usedGroups++
    }
    return (sum - (usedBins - usedGroups) / 2) / total + Math.log(inside / total)
  }

  /** The bins of a group that P has anything in: an empty bin at an end has what saturates there. */
  #usedBins(group: number, start: number, end: number, {left, right}: {left: number; right: number}): number {
    const {counts} = this.bins
    let used = (this.#used[end] as number) - (this.#used[start] as number)
    if (group === 0 && left > 0 && counts[start] === 0) used++
    if (group === LEVELS - 1 && right > 0 && counts[end - 1] === 0) used++
    return used
  }
}

/** What the bin at an end adds to the sum of count · ln(count) when the values beyond it saturate there. */
function saturated(count: number, beyond: number): number {
  return beyond === 0 ? 0 : timesLog(count + beyond) - timesLog(count)
}

function timesLog(count: number): number {
  return count > 0 ? count * Math.log(count) : 0
}

function runningSums(counts: Float64Array, of: (count: number) => number): Float64Array {
  const sums = new Float64Array(counts.length + 1)
  for (let index = 0; index < counts.length; index++) {
    sums[index + 1] = (sums[index] as number) + of(counts[index] as number)
  }
  return sums
}
