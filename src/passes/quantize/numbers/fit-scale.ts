import {roundHalfToEven} from './round-half-to-even.js'

/** The integers a grid may use. */
export interface GridRange {
  readonly low: number
  readonly high: number
}

/** A grid of one channel or block: `w ≈ (q − zeroPoint) · scale`. */
export interface FittedGrid {
  /** As a float32; negative where the largest weight is positive and the range has one more step below zero than above. 0 if all are 0. */
  readonly scale: number
  readonly zeroPoint: number
}

/** Ranges tried, as shares of the whole one: below half, what is cut off always costs more than finer steps gain. */
const SHRINKS = Array.from({length: 19}, (_, i) => 1 - 0.025 * i)
/** Rounding and fitting in turn: each lowers the error or leaves it, and after a few nothing moves. */
const REFITS = 3

/**
 * The grid that loses least of some weights: minimizes `Σ importance[k] · (w[k] − (q[k] − z) · s)²` over clipped ranges, the scale of each
 * fitted to its integers by least squares. Zero is always on the grid. With E[x²] of the inputs as importance it is the expected error of
 * the layer's output if inputs were uncorrelated ("scale estimation"), without one the mean square error of the weights.
 *
 * @param values finite.
 * @param importance as long as `values`, none negative; all alike when absent.
 * @param range symmetric ones (`low < 0`) have zero point 0; where `−low > high` both signs of the scale are tried.
 * @see Choukroun et al. 2019, arXiv:1902.06822 (clipping by mean square error); Lin et al. 2023, arXiv:2306.00978, section 3.2.
 */
export function fitScale(
  values: ArrayLike<number>,
  range: GridRange,
  importance?: ArrayLike<number> | undefined,
): FittedGrid {
  const weights = importance && sumOf(importance) > 0 ? importance : undefined
  let best: Trial | undefined
  for (const start of starts(values, range)) {
    const trial = tryGrid(values, weights, range, start)
    if (!best || trial.error < best.error) best = trial
  }
  if (!best) return {scale: 0, zeroPoint: 0}
  for (let i = 0; i < REFITS; i++) {
    const next = tryGrid(values, weights, range, {scale: best.refit, zeroPoint: best.zeroPoint})
    if (!(next.error < best.error)) break
    best = next
  }
  return {scale: Math.fround(best.refit), zeroPoint: best.zeroPoint}
}

/** A grid, the best scale for the integers it gives, and the error with that. */
interface Trial {
  readonly error: number
  readonly refit: number
  readonly zeroPoint: number
}

function* starts(values: ArrayLike<number>, {low, high}: GridRange): Iterable<FittedGrid> {
  let [min, max] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    min = Math.min(min, values[i] as number)
    max = Math.max(max, values[i] as number)
  }
  if (max === 0 && min === 0) return
  if (low === 0) {
    for (const shrink of SHRINKS) {
      const scale = (shrink * (max - min)) / high
      const zeroPoint = clamp(roundHalfToEven((-shrink * min) / scale), low, high)
      yield {scale, zeroPoint}
    }
    return
  }
  const largest = Math.max(max, -min)
  for (const shrink of SHRINKS) yield {scale: (shrink * largest) / high, zeroPoint: 0}
  if (-low === high) return
  // the side with one step more is given to the larger magnitudes
  const sign = max > -min ? -1 : 1
  for (const shrink of SHRINKS) yield {scale: (sign * shrink * largest) / -low, zeroPoint: 0}
}

function tryGrid(
  values: ArrayLike<number>,
  importance: ArrayLike<number> | undefined,
  {low, high}: GridRange,
  {scale, zeroPoint}: FittedGrid,
): Trial {
  let [ww, wq, qq] = [0, 0, 0]
  const inverse = 1 / scale
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    const h = importance ? (importance[i] as number) : 1
    const q = clamp(Math.round(value * inverse) + zeroPoint, low, high) - zeroPoint
    ww += h * value * value
    wq += h * value * q
    qq += h * q * q
  }
  // nothing that counts is above half a step: as good as all zeros
  if (qq === 0) return {error: ww, refit: scale, zeroPoint}
  // the refitted scale may not turn the grid over or flush it to zero
  const refit = wq / qq
  if (refit * scale <= 0) return {error: ww, refit: scale, zeroPoint}
  return {error: ww - (wq * wq) / qq, refit, zeroPoint}
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}
