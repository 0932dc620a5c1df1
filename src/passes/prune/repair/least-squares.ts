import {solvePositive} from './solve-positive.js'

/** Sums over rows of inputs x `[inputs]` and targets y `[targets]`: all that a linear fit needs to know of them. */
export interface Gram {
  readonly inputs: number
  readonly targets: number
  readonly rows: number
  /** Σ x·xᵀ, `[inputs, inputs]`. */
  readonly products: Float64Array
  /** Σ x·yᵀ, `[inputs, targets]`. */
  readonly cross: Float64Array
  /** Σ x and Σ y. */
  readonly inputSums: Float64Array
  readonly targetSums: Float64Array
}

/** y ≈ Wᵀx + b. */
export interface LinearFit {
  /** `[inputs, targets]`. */
  readonly weights: Float64Array
  readonly intercept: Float64Array
}

/**
 * Least squares with an intercept, its normal equations solved by Cholesky: `W = (G + λ·mean(diag G)·I)⁻¹ C` with the centred G and C.
 *
 * @param lambda relative to the mean of G's diagonal, above 0.
 * @returns undefined where the inputs are constant or not finite: nothing can be fitted.
 */
export function leastSquares(gram: Gram, lambda: number): LinearFit | undefined {
  const {inputs, targets} = gram
  const {products, cross} = centred(gram)
  const scale = meanDiagonal(products, inputs)
  if (!(scale > 0) || !Number.isFinite(scale)) return undefined
  for (let i = 0; i < inputs; i++) products[i * (inputs + 1)] = (products[i * (inputs + 1)] as number) + lambda * scale
  const weights = solvePositive(products, cross, inputs, targets)
  return weights && {weights, intercept: interceptOf(gram, weights)}
}

/** b = ȳ − Wᵀx̄. */
function interceptOf({inputs, targets, rows, inputSums, targetSums}: Gram, weights: Float64Array): Float64Array {
  const intercept = targetSums.map((sum) => sum / rows)
  for (let i = 0; i < inputs; i++) {
    const mean = (inputSums[i] as number) / rows
    for (let t = 0; t < targets; t++) {
      intercept[t] = (intercept[t] as number) - mean * (weights[i * targets + t] as number)
    }
  }
  return intercept
}

/**
 * What a fit leaves of the targets' squares on the rows of a Gram matrix, but for the squares themselves: `tr(WᵀGW) − 2 tr(WᵀC)` and the
 * like with the intercept. Differences between fits are differences of their errors.
 */
export function residualOf(gram: Gram, {weights, intercept}: LinearFit): number {
  const {inputs, targets, rows, products, cross, inputSums, targetSums} = gram
  let error = 0
  const image = new Float64Array(targets)
  for (let i = 0; i < inputs; i++) {
    image.fill(0)
    for (let j = 0; j < inputs; j++) {
      const product = products[i * inputs + j] as number
      for (let t = 0; t < targets; t++) {
        image[t] = (image[t] as number) + product * (weights[j * targets + t] as number)
      }
    }
    for (let t = 0; t < targets; t++) {
      const at = i * targets + t
      const shift = 2 * (intercept[t] as number) * (inputSums[i] as number)
      error += (weights[at] as number) * ((image[t] as number) - 2 * (cross[at] as number) + shift)
    }
  }
  for (let t = 0; t < targets; t++) {
    const b = intercept[t] as number
    error += b * (rows * b - 2 * (targetSums[t] as number))
  }
  return error
}

function centred({inputs, targets, rows, products, cross, inputSums, targetSums}: Gram) {
  const [g, c] = [new Float64Array(products), new Float64Array(cross)]
  for (let i = 0; i < inputs; i++) {
    const mean = (inputSums[i] as number) / rows
    for (let j = 0; j < inputs; j++) {
      g[i * inputs + j] = (g[i * inputs + j] as number) - mean * (inputSums[j] as number)
    }
    for (let t = 0; t < targets; t++) {
      c[i * targets + t] = (c[i * targets + t] as number) - mean * (targetSums[t] as number)
    }
  }
  return {products: g, cross: c}
}

function meanDiagonal(matrix: Float64Array, size: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += matrix[i * (size + 1)] as number
  return sum / size
}
