import {accumulate, clippingScale, globalNorm} from './clip-gradients.js'
import type {TrainRequest} from './train-request.js'
import {rateOf, type TrainState} from './train-state.js'
import {applyMask} from './weight-mask.js'

/** Collects what runs write into the optimizer's gradients until an update is due. Nothing is allocated per step. */
export class GradientBuffers {
  readonly #sums: readonly Float32Array[]

  constructor(
    private readonly request: Pick<TrainRequest, 'update'>,
    private readonly state: TrainState,
  ) {
    const {gradients} = state.optimizer
    this.#sums = this.#batches > 1 ? gradients.map(({length}) => new Float32Array(length)) : []
  }

  /** Adds the last run's gradients to those of the update that is being collected. Does nothing when one batch makes an update. */
  collect(): void {
    const {gradients} = this.state.optimizer
    this.#sums.forEach((sum, index) => {
      accumulate(sum, gradients[index] as Float32Array)
    })
  }

  /**
   * Moves the weights by the mean of what was collected.
   *
   * @returns the learning rate; the step counts as done.
   */
  apply(): number {
    const {optimizer, progress, masks, weights} = this.state
    this.#sums.forEach((sum, index) => {
      optimizer.gradients[index]?.set(sum)
      sum.fill(0)
    })
    const step = ++progress.steps
    const learningRate = rateOf(this.state, this.request.update, step)
    optimizer.update({learningRate, step, gradientScale: this.#scaleOf(optimizer.gradients)})
    masks.forEach((mask, index) => {
      if (mask) applyMask(weights[index] as Float32Array, mask)
    })
    return learningRate
  }

  get #batches(): number {
    return this.request.update.accumulate ?? 1
  }

  /** Of the mean over the batches of the update, clipped. */
  #scaleOf(gradients: readonly Float32Array[]): number {
    const {clipNorm} = this.request.update
    if (clipNorm === undefined) return 1 / this.#batches
    return clippingScale(globalNorm(gradients) / this.#batches, clipNorm) / this.#batches
  }
}
