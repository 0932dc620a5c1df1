import type {HistogramData} from './histogram.js'

/** The histogram of one tensor as the searches for a clipped range want it: from zero to the extremes, without gaps. */
export interface ClipBins {
  /** Counts per bin. Exact zeros of a tensor without negative values are left out: every uint8 scale represents them exactly. */
  readonly counts: Float64Array
  /** The edge that lies on zero, 0..counts.length: edge i is the lower end of bin i. */
  readonly zero: number
}

/** Two edges, `low` <= zero <= `high`. */
export interface Clip {
  readonly low: number
  readonly high: number
}

/** Candidates per side in the first round. */
const COARSE_STEPS = 64

/** Lays the counts out around zero. All zeros, or nothing, gives no bins. */
export function clipBins({min, first, counts}: HistogramData): ClipBins {
  const start = min >= 0 ? 0 : Math.min(first, 0)
  const end = Math.max(first + counts.length, 0)
  const laidOut = new Float64Array(end - start)
  const skipped = Math.max(0, start - first)
  laidOut.set(counts.subarray(skipped), first + skipped - start)
  return {counts: laidOut, zero: 0 - start}
}

/** The range between two edges; an outermost edge stands for the extreme itself, which is never widened. */
export function clippedRange(data: HistogramData, bins: ClipBins, {low, high}: Clip): {min: number; max: number} {
  return {
    min: low === 0 ? data.min : (low - bins.zero) * data.binWidth,
    max: high === bins.counts.length ? data.max : (high - bins.zero) * data.binWidth,
  }
}

/**
 * The pair of edges with the smallest cost: every pair of a coarse grid, then ever smaller steps from the best of them, down to one bin.
 * Among equals the wider range wins. A side without values is not searched.
 *
 * @param cost of a clip; infinite where it is not allowed.
 */
export function searchClip({counts, zero}: ClipBins, cost: (clip: Clip) => number): Clip {
  const last = counts.length
  const steps = [zero, last - zero].map((length) => Math.max(1, Math.ceil(length / COARSE_STEPS))) as [number, number]
  let best: Clip = {low: 0, high: last}
  let least = cost(best)
  const attempt = (low: number, high: number): boolean => {
    if (low < 0 || low > zero || high < zero || high > last) return false
    const found = cost({low, high})
    if (!(found < least)) return false
    least = found
    best = {low, high}
    return true
  }
  for (let low = 0; low <= zero; low += steps[0]) {
    for (let high = last; high >= zero; high -= steps[1]) attempt(low, high)
  }
  for (let [down, up] = steps; down > 1 || up > 1; ) {
    down = Math.ceil(down / 2)
    up = Math.ceil(up / 2)
    while (attemptAround(best, down, up, attempt));
  }
  return best
}

/** @returns whether one of the eight neighbours is better. */
function attemptAround(
  {low, high}: Clip,
  down: number,
  up: number,
  attempt: (low: number, high: number) => boolean,
): boolean {
  let moved = false
  for (const left of [-down, 0, down]) {
    for (const right of [up, 0, -up]) {
      if (left !== 0 || right !== 0) moved = attempt(low + left, high + right) || moved
    }
  }
  return moved
}
