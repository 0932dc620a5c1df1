import {magnitudeThreshold, zeroSmallest} from '../ir/magnitude-threshold.js'
import type {TrainRequest} from './train-request.js'
import type {TrainState} from './train-state.js'
import {maskOfZeros} from './weight-mask.js'

/** Gradual pruning: more and more of some weights become zero while the others learn to do without them. Plain data. */
export interface SparsitySpec {
  /** Share of the weights that is zero at the end, 0..1; zeros that are there already count. */
  readonly target: number
  /** One threshold for all of them, or one per weight. */
  readonly scope: 'global' | 'layer'
  /** Names of the constants that are pruned. */
  readonly weights: readonly string[]
  /** Share of all updates at which the target is reached; what follows recovers. */
  readonly rampShare: number
  /** Times that weights go, evenly over the ramp. */
  readonly cuts: number
}

/**
 * The share of zeros after an update: `s_t = s_f + (s_i − s_f)(1 − t / T)³`, fast while there is much to choose from, slow at the end.
 *
 * @param done share of the ramp that is over, 0..1.
 * @see Zhu and Gupta 2017, arXiv:1710.01878, equation 1.
 */
export function cubicSparsity(initial: number, target: number, done: number): number {
  return target + (initial - target) * (1 - done) ** 3
}

/** Moves the masks of a training while it runs. What it does follows from the count of updates and the weights: nothing to store. */
export class MaskSchedule {
  readonly #groups: readonly (readonly number[])[]
  /** Shares of zeros before the training, per group. */
  readonly #initial: readonly number[]
  readonly #rampSteps: number

  constructor(
    request: Pick<TrainRequest, 'parameters' | 'initial'>,
    private readonly spec: SparsitySpec,
    totalSteps: number,
  ) {
    const indices = request.parameters.flatMap(({name}, index) => (spec.weights.includes(name) ? [index] : []))
    this.#groups = spec.scope === 'global' ? [indices] : indices.map((index) => [index])
    this.#initial = this.#groups.map((group) => zeroShare(group.map((index) => request.initial[index] as Float32Array)))
    this.#rampSteps = Math.max(1, Math.floor(totalSteps * spec.rampShare))
  }

  /** Whether the masks are what they stay: weights from before do not count as a result. */
  isOver(step: number): boolean {
    return step >= this.#rampSteps
  }

  /** Zeroes what is to be zero after the state's last update, and holds it there; at other updates nothing changes. */
  follow(state: TrainState): void {
    const {steps} = state.progress
    const cut = this.#cutsUntil(steps)
    if (cut === 0 || this.#stepOfCut(cut) !== steps) return
    this.#groups.forEach((group, index) => {
      const share = cubicSparsity(this.#initial[index] as number, this.spec.target, cut / this.#cuts)
      this.#prune(state, group, share)
    })
  }

  /** Holds again what was zero when a checkpoint was written. */
  resume({weights, masks}: TrainState): void {
    for (const index of this.#groups.flat()) masks[index] = maskOfZeros(weights[index] as Float32Array)
  }

  get #cuts(): number {
    return Math.min(this.spec.cuts, this.#rampSteps)
  }

  #stepOfCut(cut: number): number {
    return Math.ceil((cut * this.#rampSteps) / this.#cuts)
  }

  /** How many cuts are done after an update. */
  #cutsUntil(step: number): number {
    return Math.min(this.#cuts, Math.floor((step * this.#cuts) / this.#rampSteps))
  }

  #prune({weights, masks}: TrainState, group: readonly number[], share: number): void {
    const arrays = group.map((index) => ({values: weights[index] as Float32Array, name: ''}))
    const count = Math.round(share * arrays.reduce((sum, {values}) => sum + values.length, 0))
    // the loss of the next step is no number either, and ends the training
    if (count === 0 || !arrays.every(({values}) => values.every(Number.isFinite))) return
    const threshold = magnitudeThreshold(count, () => arrays, refuseNonFinite)
    let {ties} = threshold
    for (const index of group) {
      const values = weights[index] as Float32Array
      ties = zeroSmallest(values, {bits: threshold.bits, ties})
      masks[index] = maskOfZeros(values)
    }
  }
}

function zeroShare(arrays: readonly Float32Array[]): number {
  const count = arrays.reduce((sum, {length}) => sum + length, 0)
  const zeros = arrays.reduce((sum, array) => sum + array.reduce((some, weight) => some + Number(weight === 0), 0), 0)
  return count === 0 ? 0 : zeros / count
}

function refuseNonFinite(): never {
  throw new TypeError('weights were finite a moment ago')
}
