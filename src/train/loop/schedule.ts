/** How the learning rate goes over the steps of a training. */
export interface ScheduleSpec {
  readonly kind: 'constant' | 'cosine' | 'linear'
  /** The highest rate, reached after the warm-up. */
  readonly learningRate: number
  /** Steps over which the rate rises from 0; none when absent. */
  readonly warmupSteps?: number | undefined
  /** Where cosine and linear end, as a share of `learningRate`; 0 when absent. */
  readonly finalShare?: number | undefined
}

/**
 * The learning rate of one step. A warm-up rises evenly and reaches the full rate at its last step; what follows falls
 * to the final share at the last step of all.
 *
 * @param step counted from 1.
 * @param totalSteps of the whole training, warm-up included.
 * @see Loshchilov and Hutter 2017, arXiv:1608.03983, for the cosine.
 */
export function learningRateAt(spec: ScheduleSpec, step: number, totalSteps: number): number {
  const {kind, learningRate, warmupSteps = 0, finalShare = 0} = spec
  if (step <= warmupSteps) return (learningRate * step) / warmupSteps
  if (kind === 'constant') return learningRate
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps))
  const left = kind === 'linear' ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2
  return learningRate * (finalShare + (1 - finalShare) * left)
}
