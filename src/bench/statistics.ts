import {mean, quantileSorted, sampleStandardDeviation} from 'simple-statistics'
import type {Verdict} from '../results.js'
import {tFactor} from './student-t.js'

/** A point estimate between the ends of its interval, 95 % where nothing else is said; the ends are infinite when there is one observation only. */
export interface Estimate {
  readonly point: number
  readonly low: number
  readonly high: number
}

/** What a set of latencies looks like, in the unit of the latencies. */
export interface Summary {
  readonly mean: number
  /** Sample standard deviation, n − 1; 0 for one sample. */
  readonly std: number
  readonly min: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly samples: number
}

/**
 * Describes latencies. Percentiles interpolate between the two nearest ranks, at index (n − 1)·p of the sorted samples:
 * numpy's default, type 7 of Hyndman and Fan 1996.
 *
 * @param values at least one; not modified.
 */
export function summarize(values: ArrayLike<number>): Summary {
  const sorted = Array.from(Float64Array.from(values).sort())
  const at = (p: number): number => quantileSorted(sorted, p)
  return {
    mean: mean(sorted),
    std: sorted.length > 1 ? sampleStandardDeviation(sorted) : 0,
    min: at(0),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    samples: sorted.length,
  }
}

/** One percentile, defined as in {@link summarize}. @param p 0 to 1 @param values at least one; not modified. */
export function percentile(values: ArrayLike<number>, p: number): number {
  return quantileSorted(Array.from(Float64Array.from(values).sort()), p)
}

/**
 * Mean of independent observations ± t·s/√n.
 *
 * @param observations one per unit that is independent: for latencies that is a pair of processes, never a single run,
 *   because a process keeps its own bias for life.
 * @param error how often the interval may miss the truth.
 */
export function meanInterval(observations: readonly number[], error = 0.05): Estimate {
  const point = mean([...observations])
  if (observations.length < 2) return {point, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY}
  const spread = sampleStandardDeviation([...observations]) / Math.sqrt(observations.length)
  const half = tFactor(observations.length - 1, error) * spread
  return {point, low: point - half, high: point + half}
}

/** The geometric mean of positive observations with its interval: {@link meanInterval} of their logarithms. */
export function ratioInterval(logRatios: readonly number[], error = 0.05): Estimate {
  const {point, low, high} = meanInterval(logRatios, error)
  return {point: Math.exp(point), low: Math.exp(low), high: Math.exp(high)}
}

/** An interval that holds 1 and reaches this far or farther says nothing: a difference that people feel may hide in it. */
const FELT = 0.1

/**
 * What a ratio of latencies (this ÷ baseline) allows to say: a difference is claimed only when the whole interval lies
 * beyond the smallest effect that matters, so that noise alone almost never makes a verdict; that there is none, only when
 * none of 10 % can hide in the interval.
 *
 * @param minEffect smallest difference that matters, 0.02 for 2 %.
 */
export function verdictOf(ratio: Estimate, minEffect: number): Verdict {
  if (ratio.high < 1 / (1 + minEffect)) return 'faster'
  if (ratio.low > 1 + minEffect) return 'slower'
  return isWithin(ratio, Math.max(FELT, minEffect)) ? 'no difference' : 'undecided'
}

/** Whether longer measuring would hardly change the verdict: the interval lies beyond the smallest effect, or within it. */
export function isDecided(ratio: Estimate, minEffect: number): boolean {
  const verdict = verdictOf(ratio, minEffect)
  return verdict === 'faster' || verdict === 'slower' || isWithin(ratio, minEffect)
}

function isWithin({low, high}: Estimate, effect: number): boolean {
  return low > 1 / (1 + effect) && high < 1 + effect
}
