import type {Augmentation} from '../data/images/augment.js'
import type {DataOptions, RunOptions} from './options.js'

/** What a loss compares: class scores, scores of two-way decisions, or numbers. */
export type LossKind = 'auto' | 'cross-entropy' | 'binary' | 'mse' | 'cosine'

/** What the flags of `distill` and `finetune` say beside those of every verb. */
export interface TrainingOptions extends RunOptions, DataOptions {
  readonly epochs: number
  readonly optimizer: 'sgd' | 'adam' | 'adamw'
  /** The highest; `auto`: chosen by short trainings on the data. */
  readonly learningRate: number | 'auto'
  readonly schedule: 'constant' | 'cosine' | 'linear'
  /** Undefined: by how sure the teacher is. */
  readonly temperature?: number | undefined
  /** Share of the teacher in the loss, 0..1; undefined: by how many classes it tells apart, 1 without labels. */
  readonly alpha?: number | undefined
  /** Values of the teacher and of the student that are to be alike, as typed: `A:B`. */
  readonly features: readonly string[]
  /** Weight of each feature beside the other losses. */
  readonly featureWeight: number
  readonly loss: LossKind
  /** A name of METRICS; undefined: by the loss. */
  readonly metric?: string | undefined
  /** The output that labels and the metric are for; the first when absent. */
  readonly outputName?: string | undefined
  /** Names of constants or nodes that keep their weights. */
  readonly freeze: readonly RegExp[]
  /** How training images change, anew in every epoch. */
  readonly augment: readonly Augmentation[]
  /** What BatchNormalization takes; undefined: the batch's statistics, but its running ones for batches too small. */
  readonly batchNorm?: 'running' | 'batch' | undefined
  /** Start from new weights. */
  readonly reinitialize: boolean
  /** Epochs without a better metric after which training ends. */
  readonly patience?: number | undefined
  /** File that the state of the training goes to after every epoch; undefined: only when it is interrupted, beside the output. */
  readonly checkpoint?: string | undefined
  /** Go on from the checkpoint. */
  readonly resume: boolean
}

/** Samples per update when the flags say nothing. */
export const TRAINING_BATCH = 64
