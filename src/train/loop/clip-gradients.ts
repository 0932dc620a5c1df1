/** Euclidean norm of all gradients together, as one long vector; NaN or infinity when any element is. */
export function globalNorm(gradients: readonly Float32Array[]): number {
  let sum = 0
  for (const gradient of gradients) sum += squaredNorm(gradient)
  return Math.sqrt(sum)
}

/**
 * What gradients of a global norm are multiplied by so that it is at most `limit`: 1 for short ones. Directions stay.
 *
 * @see Pascanu et al. 2013, arXiv:1211.5063; PyTorch's `clip_grad_norm_`, which has the same small number in the divisor.
 */
export function clippingScale(norm: number, limit: number): number {
  const factor = limit / (norm + 1e-6)
  return factor < 1 ? factor : 1
}

/** `sum[i] += values[i]`: gradients of several small batches become those of a large one. */
export function accumulate(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number)
}

/** Four sums at a time: one would wait for its own addition in every step. */
function squaredNorm(values: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  let i = 0
  for (; i + 3 < values.length; i += 4) {
    a += (values[i] as number) * (values[i] as number)
    b += (values[i + 1] as number) * (values[i + 1] as number)
    c += (values[i + 2] as number) * (values[i + 2] as number)
    d += (values[i + 3] as number) * (values[i + 3] as number)
  }
  for (; i < values.length; i++) a += (values[i] as number) * (values[i] as number)
  return a + b + c + d
}
