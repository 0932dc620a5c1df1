import {basename} from 'node:path'
import type {RunOptions} from '../../options/common.js'
import type {TrainingOptions} from '../../options/training.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import type {IsFrozen} from '../../train/step/parameters.js'
import type {StepOptions} from '../../train/step/step-options.js'
import type {TrainOptions} from '../../train/train-options.js'
import type {Objective} from './choose-losses.js'
import type {TrainingSamples} from './read-samples.js'
import type {TrainingJob} from './training-job.js'

/** Optimizers take numbers of their own: PyTorch's, and the momentum that everybody sets. */
const OPTIMIZERS = {sgd: {kind: 'sgd', momentum: 0.9}, adam: {kind: 'adam'}, adamw: {kind: 'adamw'}} as const

/** Mean and variance of fewer samples are mostly noise. */
const LEAST_BATCH = 16

/** New weights have no statistics to keep. */
function takesBatchStatistics({batchNorm, reinitialize}: TrainingOptions, batch: number): boolean {
  return batchNorm === undefined ? reinitialize || batch >= LEAST_BATCH : batchNorm === 'batch'
}

interface Readied {
  readonly samples: TrainingSamples
  readonly objective: Objective
  readonly isFrozen: IsFrozen
}

/** A training in the terms of `train`. Sizes of inputs are known. */
export function trainOptions(
  job: TrainingJob,
  {samples, objective, isFrozen}: Readied,
): Omit<TrainOptions, 'settings'> & Pick<StepOptions, 'inputShapes'> {
  const {path, learn, options, checkpoint, identity} = job
  const {
    training,
    run: {seed},
  } = options
  const {
    optimizer: kind,
    weightDecay,
    schedule,
    learningRate,
    epochs,
    patience,
    augment,
    reinitialize: isNew,
  } = training
  const {losses, output} = objective
  const {batch, accumulate, inputShapes} = samples
  return {
    ...{name: basename(path), data: learn, losses, output, isFrozen, batch, inputShapes, epochs, seed, patience},
    update: {
      optimizer: {...OPTIMIZERS[kind], weightDecay},
      schedule: {kind: schedule, learningRate},
      accumulate,
      ...job.update,
    },
    augment: augment.length > 0 ? augment : undefined,
    startCounts: !isNew,
    batchStatistics: takesBatchStatistics(training, batch),
    checkpoint,
    identity,
  }
}

export function sessionSettings({provider, threads, dims}: RunOptions): SessionSettings {
  return {provider, threads, dims}
}
