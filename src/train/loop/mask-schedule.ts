import {layerProfile, type RowLayout} from '../../ir/layer-profile.js'
import {shareZeros} from '../../ir/share-zeros.js'
import {zeroLayer} from '../../ir/zero-layer.js'
import type {SparsitySpec} from './sparsity-spec.js'
import type {TrainRequest} from './train-request.js'
import type {TrainState} from './train-state.js'
import {maskOfZeros} from './weight-mask.js'

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
  /** By index of the parameter. */
  readonly #layouts: ReadonlyMap<number, RowLayout>

  constructor(
    request: Pick<TrainRequest, 'parameters' | 'initial'>,
    private readonly spec: SparsitySpec,
    totalSteps: number,
  ) {
    const layouts = new Map(spec.weights.map(({name, layout}) => [name, layout]))
    this.#layouts = new Map(
      request.parameters.flatMap(({name}, index) => {
        const layout = layouts.get(name)
        return layout ? [[index, layout]] : []
      }),
    )
    const indices = [...this.#layouts.keys()]
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
    const layers = group.map((index) => ({
      index,
      values: weights[index] as Float32Array,
      layout: this.#layouts.get(index) as RowLayout,
    }))
    const profiles = layers.map(({values, layout}) => layerProfile(values, layout))
    // the loss of the next step is no number either, and ends the training
    if (!profiles.every((profile) => profile !== undefined)) return
    const quotas = shareZeros(Math.round(share * layers.reduce((sum, {values}) => sum + values.length, 0)), profiles)
    layers.forEach(({index, values, layout}, at) => {
      zeroLayer(values, layout, quotas[at] as number)
      masks[index] = maskOfZeros(values)
    })
  }
}

function zeroShare(arrays: readonly Float32Array[]): number {
  const count = arrays.reduce((sum, {length}) => sum + length, 0)
  const zeros = arrays.reduce((sum, array) => sum + array.reduce((some, weight) => some + Number(weight === 0), 0), 0)
  return count === 0 ? 0 : zeros / count
}
