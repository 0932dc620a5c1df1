import type {TriedRate} from './choose-rate.js'
import {createOptimizer, type Optimizer} from './optimizers.js'
import {learningRateAt} from './schedule.js'
import type {EpochReport, TrainRequest, UpdateSpec} from './train-request.js'
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
  /** The training's own loss on the held-out samples by the best weights; undefined until a tie asked for it. */
  bestLoss: number | undefined
  /** The highest learning rate; undefined while it is still to be chosen. */
  learningRate: number | undefined
  /** What it was chosen from. */
  tried: readonly TriedRate[]
  epochs: EpochReport[]
  firstLosses: number[]
}

/**
 * All that changes while a training runs. The order of the samples follows from the seed and the epoch, so no generator's state
 * belongs to it.
 */
export interface TrainState {
  readonly progress: TrainProgress
  /** Updates of the run that goes on: the whole training, or a short one that tries a learning rate. */
  totalSteps: number
  /** Parameters, then running statistics. */
  readonly weights: readonly Float32Array[]
  readonly best: readonly Float32Array[]
  readonly optimizer: Optimizer
  /** By parameter; undefined where zeros may move. A schedule of masks replaces them. */
  readonly masks: (WeightMask | undefined)[]
}

type Start = Pick<TrainRequest, 'initial' | 'update' | 'parameters'>

/** The state before the first step: weights as the model has them, moments zero. */
export function initialState(start: Start): TrainState {
  const {initial, update, parameters} = start
  const tensors = parameters.map(({decays}, index) => ({length: initial[index]?.length ?? 0, decays}))
  const optimizer = createOptimizer(update.optimizer, tensors)
  const statistics = initial.slice(parameters.length).map((array) => new Float32Array(array.length))
  const state: TrainState = {
    progress: freshProgress(update),
    totalSteps: 0,
    weights: [...optimizer.weights, ...statistics],
    best: initial.map((array) => array.slice()),
    optimizer,
    masks: [],
  }
  restart(state, start)
  return state
}

/** Goes back to before the first step, in place: who runs steps on these arrays goes on with them. */
export function restart(state: TrainState, {initial, update, parameters}: Start): void {
  const {weights, best, optimizer, masks, progress} = state
  initial.forEach((array, index) => {
    weights[index]?.set(array)
    best[index]?.set(array)
  })
  for (const moment of optimizer.moments.flat()) moment.fill(0)
  parameters.forEach((_, index) => {
    masks[index] = update.keepZeros ? maskOfZeros(initial[index] as Float32Array) : undefined
  })
  Object.assign(progress, freshProgress(update))
}

/** The learning rate of an update of the run that goes on. @param step counted from 1. */
export function rateOf({progress, totalSteps}: TrainState, {schedule}: UpdateSpec, step: number): number {
  const {learningRate} = progress
  if (learningRate === undefined) throw new TypeError('the learning rate is still to be chosen')
  return learningRateAt({...schedule, learningRate}, step, totalSteps)
}

function freshProgress({schedule: {learningRate}}: UpdateSpec): TrainProgress {
  return {
    epoch: 0,
    stepInEpoch: 0,
    steps: 0,
    lossSum: 0,
    bestEpoch: 0,
    bestMetric: undefined,
    bestLoss: undefined,
    learningRate: learningRate === 'auto' ? undefined : learningRate,
    tried: [],
    epochs: [],
    firstLosses: [],
  }
}

/** The weights of now become the best ones. */
export function keepAsBest({weights, best}: TrainState): void {
  best.forEach((array, index) => {
    array.set(weights[index] as Float32Array)
  })
}
