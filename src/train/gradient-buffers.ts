import {accumulate, clippingScale, globalNorm} from './clip-gradients.js'
import {learningRateAt} from './schedule.js'
import type {TrainRequest} from './train-request.js'
import type {TrainState} from './train-state.js'
import {applyMask} from './weight-mask.js'

/** The arrays a step writes its gradients into, and the update that follows them. Nothing is allocated per step. */
export class GradientBuffers {
  /** Of the last run, in the order of the parameters. */
  readonly gradients: readonly Float32Array[]
  readonly #sums: readonly Float32Array[]

  constructor(private readonly request: TrainRequest) {
    const {initial, update, parameters} = request
    const zeros = (): Float32Array[] => parameters.map((_, index) => new Float32Array(initial[index]?.length ?? 0))
    this.gradients = zeros()
    this.#sums = (update.accumulate ?? 1) > 1 ? zeros() : []
  }

  /** Adds the last run's gradients to those of the update that is being collected. Does nothing when one batch makes an update. */
  collect(): void {
    this.#sums.forEach((sum, index) => {
      accumulate(sum, this.gradients[index] as Float32Array)
    })
  }

  /**
   * Moves the weights of a state by the mean of what was collected.
   *
   * @param totalSteps updates of the whole training.
   * @returns the learning rate; the step counts as done.
   */
  apply(state: TrainState, totalSteps: number): number {
    const {update, parameters} = this.request
    const gradients = this.#sums.length > 0 ? this.#sums : this.gradients
    const step = ++state.progress.steps
    const rate = learningRateAt(update.schedule, step, totalSteps)
    const trained = parameters.map(({decays}, index) => ({
      weight: state.weights[index] as Float32Array,
      gradient: gradients[index] as Float32Array,
      decays,
    }))
    state.optimizer.update(trained, rate, step, this.#scaleOf(gradients))
    state.masks.forEach((mask, index) => {
      if (mask) applyMask(state.weights[index] as Float32Array, mask)
    })
    for (const sum of this.#sums) sum.fill(0)
    return rate
  }

  /** Of the mean over the batches of the update, clipped. */
  #scaleOf(gradients: readonly Float32Array[]): number {
    const {accumulate: batches = 1, clipNorm} = this.request.update
    if (clipNorm === undefined) return 1 / batches
    return clippingScale(globalNorm(gradients) / batches, clipNorm) / batches
  }
}
