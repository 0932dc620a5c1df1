import {invertedFactor} from '../../quantize/numbers/cholesky.js'

/**
 * The X of `A·X = B` for a symmetric, positive definite A, by Cholesky.
 *
 * @param matrix A, `[size, size]`; overwritten.
 * @param right B, `[size, columns]`.
 * @returns `[size, columns]`; undefined where A is not positive definite.
 */
export function solvePositive(
  matrix: Float64Array,
  right: Float64Array,
  size: number,
  columns: number,
): Float64Array | undefined {
  if (!invertedFactor(matrix, size)) return undefined
  // A⁻¹ = UᵀU
  const half = new Float64Array(size * columns)
  const result = new Float64Array(size * columns)
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) addRow(half, i, right, j, matrix[i * size + j] as number, columns)
  }
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) addRow(result, j, half, i, matrix[i * size + j] as number, columns)
  }
  return result
}

/** `target[row] += factor · source[from]`, rows of `columns` elements. */
function addRow(
  target: Float64Array,
  row: number,
  source: Float64Array,
  from: number,
  factor: number,
  columns: number,
): void {
  const [a, b] = [row * columns, from * columns]
  for (let c = 0; c < columns; c++) target[a + c] = (target[a + c] as number) + factor * (source[b + c] as number)
}
