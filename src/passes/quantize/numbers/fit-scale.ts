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

/**
 * Ranges tried, as shares of the whole one: below half, what is cut off always costs more than finer steps gain. Twice as many lower the
 * error by a thousandth.
 */
const SHRINKS = Array.from({length: 10}, (_, i) => 1 - 0.05 * i)
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
  const block = blockOf(values, importance && sumOf(importance) > 0 ? importance : undefined)
  let best: Trial | undefined
  for (const start of starts(block, range)) {
    const trial = tryGrid(block, range, start)
    if (!best || trial.error < best.error) best = trial
  }
  if (!best) return {scale: 0, zeroPoint: 0}
  for (let i = 0; i < REFITS; i++) {
    const next = tryGrid(block, range, {scale: best.refit, zeroPoint: best.zeroPoint})
    if (!(next.error < best.error)) break
    best = next
  }
  return {scale: Math.fround(best.refit), zeroPoint: best.zeroPoint}
}

/** The values of a block, in arrays of one kind: this is the loop that rounding spends its time in. */
interface Block {
  readonly values: Float64Array
  readonly importance: Float64Array
  /** Values times importance. */
  readonly weighted: Float64Array
  /** Σ importance · value². */
  readonly energy: number
}

function blockOf(values: ArrayLike<number>, importance: ArrayLike<number> | undefined): Block {
  const own = Float64Array.from(values)
  const weights = importance ? Float64Array.from(importance) : new Float64Array(own.length).fill(1)
  const weighted = own.map((value, i) => value * (weights[i] as number))
  const energy = weighted.reduce((sum, value, i) => sum + value * (own[i] as number), 0)
  return {values: own, importance: weights, weighted, energy}
}

/** A grid, the best scale for the integers it gives, and the error with that. */
interface Trial {
  readonly error: number
  readonly refit: number
  readonly zeroPoint: number
}

function starts({values}: Block, {low, high}: GridRange): FittedGrid[] {
  let [min, max] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    min = Math.min(min, values[i] as number)
    max = Math.max(max, values[i] as number)
  }
  if (max === 0 && min === 0) return []
  if (low === 0) {
    return SHRINKS.map((shrink) => {
      const scale = (shrink * (max - min)) / high
      return {scale, zeroPoint: clamp(roundHalfToEven((-shrink * min) / scale), low, high)}
    })
  }
  const largest = Math.max(max, -min)
  const within = SHRINKS.map((shrink) => ({scale: (shrink * largest) / high, zeroPoint: 0}))
  if (-low === high) return within
  // the side with one step more is given to the larger magnitudes
  const sign = max > -min ? -1 : 1
  return [...within, ...SHRINKS.map((shrink) => ({scale: (sign * shrink * largest) / -low, zeroPoint: 0}))]
}

function tryGrid(
  {values, importance, weighted, energy}: Block,
  {low, high}: GridRange,
  {scale, zeroPoint}: FittedGrid,
): Trial {
  let [wq, qq] = [0, 0]
  const [inverse, least, most] = [1 / scale, low - zeroPoint, high - zeroPoint]
  for (let i = 0; i < values.length; i++) {
    const q = clamp(Math.round((values[i] as number) * inverse), least, most)
    wq += (weighted[i] as number) * q
    qq += (importance[i] as number) * q * q
  }
  // nothing that counts is above half a step: as good as all zeros
  if (qq === 0) return {error: energy, refit: scale, zeroPoint}
  // the refitted scale may not turn the grid over or flush it to zero
  const refit = wq / qq
  if (refit * scale <= 0) return {error: energy, refit: scale, zeroPoint}
  return {error: energy - (wq * wq) / qq, refit, zeroPoint}
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}
