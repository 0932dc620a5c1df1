import type {DataSpec, InputPort} from '../../data/dataset.js'
import type {Augmentation} from '../../data/images/augment.js'
import type {EncodedModels} from '../../runtime/session/encode-models.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import type {LossGraph} from '../step/loss-graph.js'
import type {StepParameter} from '../step/step-graph.js'
import type {TargetPort, TeacherPort} from '../step/step-loss.js'
import type {StepStatistic} from '../step/trained-normalization.js'
import type {TeacherCache} from '../teacher/teacher-rows.js'
import type {TriedRate} from './choose-rate.js'
import type {OptimizerSpec} from './optimizers.js'
import type {ScheduleSpec} from './schedule.js'
import type {SparsitySpec} from './sparsity-spec.js'

/** How weights are moved, beside the loss. Plain data. */
export interface UpdateSpec {
  readonly optimizer: OptimizerSpec
  /** With `auto` the highest rate is chosen by short trainings before the first step, see `chooseRate`. */
  readonly schedule: Omit<ScheduleSpec, 'learningRate'> & {readonly learningRate: number | 'auto'}
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
  /** What the teacher of the training gave for these samples: its loss on them decides where the metric is the same. */
  readonly teacher?: TeacherCache | undefined
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

/** What is fed to the graph of a loss, beside samples and weights. */
export type LossPorts = Pick<LossGraph, 'loss' | 'labels' | 'teachers'>

/** What the child needs to train. */
export interface TrainWork {
  readonly request: TrainRequest
  /** The forms of the step, `forward`, and where they are needed `trial` and `heldOut`. */
  readonly models: EncodedModels
}

/** All of it but the models. */
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
  /** The loss without gradients, in the model `heldOut`: normalized as the written model does. Absent without an evaluation. */
  readonly heldOut: LossPorts | undefined
  /** The same in the model `trial`, normalized as the step does. Only there to choose a learning rate. */
  readonly trial: LossPorts | undefined
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
  /** The training's own loss there, where the metric alone did not decide. */
  readonly heldOutLoss?: number | undefined
  readonly learningRate: number
  /** Trained samples by the time spent training, evaluation not counted. */
  readonly samplesPerSecond: number
}

/** What the child tells while it works. */
export type TrainEvent = EpochReport | {readonly trialUpdates: number}

export interface TrainReply {
  /** The best weights, parameters, then statistics: by the metric, else those of the last finite epoch. */
  readonly weights: readonly Float32Array[]
  /** The epoch they are from; 0 for the weights from before the training. */
  readonly bestEpoch: number
  readonly epochs: readonly EpochReport[]
  /** The highest rate, and what it was chosen from; no rates where it was given. Undefined when the training ended before. */
  readonly learningRate: {readonly value: number; readonly tried: readonly TriedRate[]} | undefined
  /** Losses of the first steps, for comparisons. */
  readonly firstLosses: readonly number[]
  /** Updates done, those before a resume included. */
  readonly steps: number
  /** Why it ended early. */
  readonly stopped: string | undefined
  readonly notes: readonly string[]
}
