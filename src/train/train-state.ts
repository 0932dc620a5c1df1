import {createOptimizer, type Optimizer} from './optimizers.js'
import type {EpochReport, TrainRequest} from './train-request.js'
import {maskOfZeros, type WeightMask} from './weight-mask.js'

/** Where a training is: the numbers that a checkpoint holds beside the arrays. */
export interface TrainProgress {
  /** Epochs done. */
  epoch: number
  /** Updates done within the epoch that runs. */
  stepInEpoch: number
  /** Updates done in all. */
  steps: number
  /** Sum of the losses of the epoch that runs, over its batches. */
  lossSum: number
  bestEpoch: number
  bestMetric: number | undefined
  epochs: EpochReport[]
  firstLosses: number[]
}

/**
 * All that changes while a training runs. The order of the samples follows from the seed and the epoch, so no generator's state
 * belongs to it.
 */
export interface TrainState {
  readonly progress: TrainProgress
  /** Parameters, then running statistics. */
  readonly weights: readonly Float32Array[]
  readonly best: readonly Float32Array[]
  readonly optimizer: Optimizer
  /** By parameter; undefined where zeros may move. A schedule of masks replaces them. */
  readonly masks: (WeightMask | undefined)[]
}

/** The state before the first step: weights as the model has them, moments zero. */
export function initialState({
  initial,
  update,
  parameters,
}: Pick<TrainRequest, 'initial' | 'update' | 'parameters'>): TrainState {
  const trained = initial.slice(0, parameters.length)
  const tensors = parameters.map(({decays}, index) => ({length: trained[index]?.length ?? 0, decays}))
  const optimizer = createOptimizer(update.optimizer, tensors)
  optimizer.weights.forEach((weight, index) => {
    weight.set(trained[index] as Float32Array)
  })
  const statistics = initial.slice(parameters.length).map((array) => array.slice())
  return {
    progress: {
      epoch: 0,
      stepInEpoch: 0,
      steps: 0,
      lossSum: 0,
      bestEpoch: 0,
      bestMetric: undefined,
      epochs: [],
      firstLosses: [],
    },
    weights: [...optimizer.weights, ...statistics],
    best: initial.map((array) => array.slice()),
    optimizer,
    masks: trained.map((weight) => (update.keepZeros ? maskOfZeros(weight) : undefined)),
  }
}

/** The weights of now become the best ones. */
export function keepAsBest({weights, best}: TrainState): void {
  best.forEach((array, index) => {
    array.set(weights[index] as Float32Array)
  })
}
