/** Euclidean norm of all gradients together, as one long vector; NaN or infinity when any element is. */
export function globalNorm(gradients: readonly Float32Array[]): number {
  let sum = 0
  for (const gradient of gradients) sum += squaredNorm(gradient)
  return Math.sqrt(sum)
}

/**
 * Scales all gradients down together, in place, so that their global norm is at most `limit`. Directions stay.
 *
 * @returns the norm before.
 * @see Pascanu et al. 2013, arXiv:1211.5063; PyTorch's `clip_grad_norm_`, which has the same small number in the divisor.
 */
export function clipGradients(gradients: readonly Float32Array[], limit: number): number {
  const norm = globalNorm(gradients)
  const factor = limit / (norm + 1e-6)
  if (factor < 1) for (const gradient of gradients) scale(gradient, factor)
  return norm
}

/** Multiplies every element, in place. */
export function scale(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * factor
}

/** `sum[i] += values[i]`: gradients of several small batches become those of a large one. */
export function accumulate(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number)
}

function squaredNorm(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number)
  return sum
}
