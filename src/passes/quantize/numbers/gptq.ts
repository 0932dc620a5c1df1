import {BugError} from '../../../errors.js'
import {invertedFactor} from './cholesky.js'
import type {FittedGrid, GridRange} from './fit-scale.js'
import {roundHalfToEven} from './round-half-to-even.js'

/** Columns whose errors are handed on together: what is behind them is then read once for all of them. */
const COLUMNS_TOGETHER = 128
/** Added to the diagonal, as a share of its mean: calibration never saw all there is. The paper's value. */
const DAMPING = 0.01
/** Tried when a matrix is not positive definite in float64 even so. */
const MORE_DAMPING = [DAMPING, 0.1, 1]

export interface GptqOptions {
  /** Inputs of the layer: columns of the weight. */
  readonly columns: number
  /** Neighbouring columns that share a scale; divides `columns`. */
  readonly blockSize: number
  readonly range: GridRange
  /**
   * The grid of a block: its values by then, which hold what earlier columns lost, and its first column. Never one with scale 0.
   */
  gridOf(values: Float64Array, column: number): FittedGrid
}

/** A matrix on its grids: `w[n, k] ≈ (integers[n, k] − zeroPoints[n, b]) · scales[n, b]`, `b` the block of column k. */
export interface GptqResult {
  /** `[rows, columns]` */
  readonly integers: Int16Array
  /** `[rows, columns / blockSize]` */
  readonly scales: Float32Array
  /** As `scales`. */
  readonly zeroPoints: Uint8Array
}

/**
 * Rounds a weight column by column, and lets the columns still to come make up for what each lost: minimizes the error of the layer's
 * output on the calibration data, not that of the weight. Takes rows·columns²/2 multiplications, and columns³/3 for the matrix: 4096 ×
 * 4096 is a matter of minutes.
 *
 * @param weight `[rows, columns]`, not modified.
 * @param products XᵀX of the layer's inputs, `[columns, columns]`, up to any factor; not modified. Of use only with several times as many
 *   rows of X as columns: with fewer it fits the samples, not the task.
 * @see Frantar et al. 2022, arXiv:2210.17323, algorithm 1.
 */
export function gptq(weight: ArrayLike<number>, products: Float64Array, options: GptqOptions): GptqResult {
  const {columns, blockSize} = options
  const rows = weight.length / columns
  const work = Float64Array.from(weight)
  const factor = dampedFactor(products, columns)
  const result: GptqResult = {
    integers: new Int16Array(work.length),
    scales: new Float32Array(work.length / blockSize),
    zeroPoints: new Uint8Array(work.length / blockSize),
  }
  const together = blockSize * Math.max(1, Math.floor(COLUMNS_TOGETHER / blockSize))
  const errors = new Float64Array(together)
  for (let from = 0; from < columns; from += together) {
    const to = Math.min(columns, from + together)
    for (let row = 0; row < rows; row++) {
      const own = work.subarray(row * columns, (row + 1) * columns)
      roundColumns(own, {row, from, to}, {factor, errors, options, result})
      handOn(own, {from, to}, factor, errors)
    }
  }
  return result
}

/** U with (H + damping)⁻¹ = Uᵀ·U. An input that never was anything but 0 has the damping alone: its weights are simply rounded. */
function dampedFactor(products: Float64Array, columns: number): Float64Array {
  let sum = 0
  for (let k = 0; k < columns; k++) sum += products[k * columns + k] as number
  const mean = sum > 0 ? sum / columns : 1
  for (const damping of MORE_DAMPING) {
    const factor = Float64Array.from(products)
    for (let k = 0; k < columns; k++) {
      factor[k * columns + k] = (factor[k * columns + k] as number) + damping * mean
    }
    if (invertedFactor(factor, columns)) return factor
  }
  throw new BugError('GPTQ: expected products of inputs with themselves, got a matrix that has negative squares')
}

interface Span {
  readonly from: number
  readonly to: number
}

interface Rounding {
  readonly factor: Float64Array
  readonly errors: Float64Array
  readonly options: GptqOptions
  readonly result: GptqResult
}

/** Rounds some columns of one row; leaves in `errors` what each lost, in units of its pivot. */
function roundColumns(
  own: Float64Array,
  {row, from, to}: Span & {readonly row: number},
  {factor, errors, options, result}: Rounding,
): void {
  const {columns, blockSize, range, gridOf} = options
  let grid: FittedGrid = {scale: 1, zeroPoint: 0}
  for (let k = from; k < to; k++) {
    if (k % blockSize === 0) {
      grid = gridOf(own.subarray(k, k + blockSize), k)
      const block = (row * columns + k) / blockSize
      result.scales[block] = grid.scale
      result.zeroPoints[block] = grid.zeroPoint
    }
    const value = own[k] as number
    const steps = roundHalfToEven(value / grid.scale) + grid.zeroPoint
    const integer = Math.max(range.low, Math.min(range.high, steps))
    result.integers[row * columns + k] = integer
    const pivot = k * columns
    const error = (value - (integer - grid.zeroPoint) * grid.scale) / (factor[pivot + k] as number)
    errors[k - from] = error
    for (let j = k + 1; j < to; j++) own[j] = (own[j] as number) - error * (factor[pivot + j] as number)
  }
}

/** What the rounded columns lost, four at a time, to all columns behind them. */
function handOn(own: Float64Array, {from, to}: Span, factor: Float64Array, errors: Float64Array): void {
  const columns = own.length
  let k = from
  for (; k + 4 <= to; k += 4) {
    const [a, b, c, d] = errors.subarray(k - from, k - from + 4) as unknown as [number, number, number, number]
    const [ra, rb, rc, rd] = [k * columns, (k + 1) * columns, (k + 2) * columns, (k + 3) * columns]
    for (let j = to; j < columns; j++) {
      const nearer = a * (factor[ra + j] as number) + b * (factor[rb + j] as number)
      const farther = c * (factor[rc + j] as number) + d * (factor[rd + j] as number)
      own[j] = (own[j] as number) - nearer - farther
    }
  }
  for (; k < to; k++) {
    const error = errors[k - from] as number
    for (let j = to; j < columns; j++) own[j] = (own[j] as number) - error * (factor[k * columns + j] as number)
  }
}
