import type {Augmentation} from '../data/augment.js'
import type {DataSpec, InputPort} from '../data/dataset.js'
import type {SessionSettings} from '../runtime/session-settings.js'
import type {SparsitySpec} from './mask-schedule.js'
import type {OptimizerSpec} from './optimizers.js'
import type {ScheduleSpec} from './schedule.js'
import type {StepParameter} from './step-graph.js'
import type {TargetPort, TeacherPort} from './step-loss.js'
import type {TeacherCache} from './teacher-rows.js'
import type {StepStatistic} from './trained-normalization.js'

/** How weights are moved, beside the loss. Plain data. */
export interface UpdateSpec {
  readonly optimizer: OptimizerSpec
  readonly schedule: ScheduleSpec
  /** Highest global norm of the gradients; not clipped when absent. */
  readonly clipNorm?: number | undefined
  /** Batches per update; 1 when absent. */
  readonly accumulate?: number | undefined
  /** Weights that are zero at the start stay zero: a pruned model stays pruned. */
  readonly keepZeros?: boolean | undefined
  /** More weights become zero as the training goes on. */
  readonly sparsity?: SparsitySpec | undefined
}

export interface EvalSpec {
  readonly data: DataSpec
  /** A name of `METRICS`. */
  readonly metric: string
  readonly batch: number
  /** What a teacher gave for these samples, where the metric holds the outputs against it instead of labels. */
  readonly reference?: TeacherCache | undefined
}

export interface CheckpointSpec {
  readonly path: string
  /** Updates between two checkpoints; one per epoch when absent. */
  readonly everySteps?: number | undefined
  /** Go on from the checkpoint at `path`, if there is one. */
  readonly resume?: boolean | undefined
  /** Write it only when the training is interrupted. */
  readonly onlyWhenStopped?: boolean | undefined
}

/** What the child needs to train; the step and forward models travel beside it. */
export interface TrainRequest {
  readonly name: string
  readonly settings: SessionSettings
  readonly data: DataSpec
  /** Inputs of the model, and the teacher's outputs when they come with the data. The first size is the batch. */
  readonly inputs: readonly InputPort[]
  readonly labels: TargetPort | undefined
  /** What a teacher gave for the samples, and the inputs it is fed to. */
  readonly teacher: {readonly cache: TeacherCache; readonly ports: readonly TeacherPort[]} | undefined
  /** All else that makes this training what it is, for checkpoints: losses, the teacher's digest. */
  readonly recipe: string
  readonly batch: number
  /** How many updates one run of the model `loop` does at most; 1: there is a model `step`, and the update follows each of its runs. */
  readonly updatesPerRun: number
  readonly epochs: number
  readonly seed: number
  /** Epochs without a better metric after which it ends; never when absent. */
  readonly patience: number | undefined
  /** The weights from before the training are kept when no epoch is better. */
  readonly startCounts: boolean
  readonly update: UpdateSpec
  readonly augment: readonly Augmentation[] | undefined
  readonly evaluation: EvalSpec | undefined
  readonly checkpoint: CheckpointSpec | undefined
  readonly loss: string
  readonly output: string
  readonly parameters: readonly StepParameter[]
  readonly statistics: readonly StepStatistic[]
  /** Parameters, then statistics. */
  readonly initial: readonly Float32Array[]
}

/** One finished epoch. */
export interface EpochReport {
  /** Counted from 1. */
  readonly epoch: number
  /** Mean over the steps of the epoch. */
  readonly loss: number
  /** On the eval data, by the weights at the end of the epoch. */
  readonly metric: number | undefined
  readonly learningRate: number
  /** Trained samples by the time spent training, evaluation not counted. */
  readonly samplesPerSecond: number
}

export interface TrainReply {
  /** The best weights, parameters, then statistics: by the metric, else those of the last finite epoch. */
  readonly weights: readonly Float32Array[]
  /** The epoch they are from; 0 for the weights from before the training. */
  readonly bestEpoch: number
  readonly epochs: readonly EpochReport[]
  /** Losses of the first steps, for comparisons. */
  readonly firstLosses: readonly number[]
  /** Updates done, those before a resume included. */
  readonly steps: number
  /** Why it ended early. */
  readonly stopped: string | undefined
  readonly notes: readonly string[]
  readonly peakRssBytes: number
}
