import type {LinearFit} from './least-squares.js'
import {solvePositive} from './solve-positive.js'

/** Rows of inputs and targets, kept as they are: where there are fewer rows than inputs. */
export interface Rows {
  readonly inputs: number
  readonly targets: number
  readonly count: number
  /** `[count, inputs]` and `[count, targets]`. */
  readonly x: Float32Array
  readonly y: Float32Array
}

/** Relative to the mean of the diagonal of X·Xᵀ. */
const LAMBDAS = [1e-4, 1e-3, 1e-2, 0.1, 1, 10]
const HELD_OUT_SHARE = 4

/**
 * Least squares of more unknowns than rows can tell, drawn towards a prior: `W = W₀ + Xᵀ(XXᵀ + λI)⁻¹(Y − XW₀)`, centred, with the λ that
 * leaves least on every fourth row, held out. The matrix to factor is of rows, not of inputs.
 *
 * @param prior `[inputs, targets]`.
 */
export function fitFewRows(rows: Rows, prior: Float64Array): LinearFit {
  const data = centredRows(rows, prior)
  const learned = indices(rows.count, (i) => i % HELD_OUT_SHARE !== 0)
  const held = indices(rows.count, (i) => i % HELD_OUT_SHARE === 0)
  const lambda = learned.length > 1 && held.length > 0 ? bestLambda(data, learned, held) : LAMBDAS[2]
  const all = indices(rows.count, () => true)
  const duals = lambda === undefined ? undefined : solve(data, all, lambda)
  const weights = new Float64Array(prior)
  if (duals) addImage(weights, data, all, duals)
  return {weights, intercept: interceptOf(data, weights)}
}

interface Centred {
  readonly inputs: number
  readonly targets: number
  readonly x: Float64Array
  /** What the prior leaves of y. */
  readonly residual: Float64Array
  readonly inputMeans: Float64Array
  readonly targetMeans: Float64Array
  /** X·Xᵀ, `[count, count]`. */
  readonly kernel: Float64Array
  readonly count: number
}

function centredRows({inputs, targets, count, x, y}: Rows, prior: Float64Array): Centred {
  const [inputMeans, targetMeans] = [means(x, count, inputs), means(y, count, targets)]
  const centredX = Float64Array.from(x, (value, i) => value - (inputMeans[i % inputs] as number))
  const residual = Float64Array.from(y, (value, i) => value - (targetMeans[i % targets] as number))
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < inputs; i++) {
      const value = centredX[row * inputs + i] as number
      if (value === 0) continue
      for (let t = 0; t < targets; t++) {
        residual[row * targets + t] =
          (residual[row * targets + t] as number) - value * (prior[i * targets + t] as number)
      }
    }
  }
  const kernel = new Float64Array(count * count)
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0
      for (let i = 0; i < inputs; i++) {
        sum += (centredX[a * inputs + i] as number) * (centredX[b * inputs + i] as number)
      }
      kernel[a * count + b] = sum
      kernel[b * count + a] = sum
    }
  }
  return {inputs, targets, count, x: centredX, residual, inputMeans, targetMeans, kernel}
}

function bestLambda(data: Centred, learned: readonly number[], held: readonly number[]): number | undefined {
  let best: {lambda: number | undefined; error: number} = {lambda: undefined, error: heldOutError(data, held, learned)}
  for (const lambda of LAMBDAS) {
    const duals = solve(data, learned, lambda)
    const error = duals ? heldOutError(data, held, learned, duals) : Number.POSITIVE_INFINITY
    if (error < best.error) best = {lambda, error}
  }
  return best.lambda
}

/** (XXᵀ + λI)⁻¹·residual of some rows; undefined where it cannot be solved. */
function solve({kernel, residual, targets, count}: Centred, rows: readonly number[], lambda: number) {
  const size = rows.length
  const matrix = new Float64Array(size * size)
  rows.forEach((a, i) => {
    rows.forEach((b, j) => {
      matrix[i * size + j] = kernel[a * count + b] as number
    })
  })
  let trace = 0
  for (let i = 0; i < size; i++) trace += matrix[i * (size + 1)] as number
  for (let i = 0; i < size; i++) matrix[i * (size + 1)] = (matrix[i * (size + 1)] as number) + (lambda * trace) / size
  const right = new Float64Array(size * targets)
  rows.forEach((row, i) => {
    right.set(residual.subarray(row * targets, (row + 1) * targets), i * targets)
  })
  return solvePositive(matrix, right, size, targets)
}

/** Σ of squares that are left of held-out rows; without duals the prior's. */
function heldOutError(
  {kernel, residual, targets, count}: Centred,
  held: readonly number[],
  learned: readonly number[],
  duals?: Float64Array,
): number {
  let error = 0
  for (const row of held) {
    for (let t = 0; t < targets; t++) {
      let left = residual[row * targets + t] as number
      if (duals) {
        learned.forEach((other, i) => {
          left -= (kernel[row * count + other] as number) * (duals[i * targets + t] as number)
        })
      }
      error += left * left
    }
  }
  return error
}

/** `weights += Xᵀ·duals`. */
function addImage(weights: Float64Array, {x, inputs, targets}: Centred, rows: readonly number[], duals: Float64Array) {
  rows.forEach((row, k) => {
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i] as number
      if (value === 0) continue
      for (let t = 0; t < targets; t++) {
        weights[i * targets + t] = (weights[i * targets + t] as number) + value * (duals[k * targets + t] as number)
      }
    }
  })
}

function interceptOf({inputs, targets, inputMeans, targetMeans}: Centred, weights: Float64Array): Float64Array {
  const intercept = new Float64Array(targetMeans)
  for (let i = 0; i < inputs; i++) {
    for (let t = 0; t < targets; t++) {
      intercept[t] = (intercept[t] as number) - (inputMeans[i] as number) * (weights[i * targets + t] as number)
    }
  }
  return intercept
}

function means(values: Float32Array, rows: number, columns: number): Float64Array {
  const sums = new Float64Array(columns)
  values.forEach((value, i) => {
    sums[i % columns] = (sums[i % columns] as number) + value / rows
  })
  return sums
}

function indices(count: number, which: (index: number) => boolean): number[] {
  return Array.from({length: count}, (_, i) => i).filter(which)
}
