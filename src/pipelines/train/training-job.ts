import type {DataSpec} from '../../data/dataset.js'
import type {Model} from '../../ir/model.js'
import type {TrainingRooms} from '../../options/training.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import type {CheckpointSpec, EpochReport, TrainReply, UpdateSpec} from '../../train/loop/train-request.js'
import type {FrozenConstant} from '../../train/step/parameters.js'
import type {TeacherCache} from '../../train/teacher/teacher-rows.js'
import type {Objective} from './choose-losses.js'
import type {Measured, MeasureModel} from './measure-model.js'
import type {OpenedTeacher} from './open-teacher.js'

/** A training as the verbs ask for it. */
export interface TrainingJob {
  /** Of the model, for messages. */
  readonly path: string
  /** The trained weights are written into it; nothing else of it changes. */
  readonly model: Model
  readonly learn: DataSpec
  /** Held-out samples: they choose the best epoch. */
  readonly judge: DataSpec | undefined
  readonly teacher: OpenedTeacher | undefined
  readonly options: Pick<TrainingRooms, 'training' | 'judge' | 'run'>
  /** What else holds for the update of the weights: zeros that stay, more zeros. */
  readonly update?: Pick<UpdateSpec, 'keepZeros' | 'sparsity' | 'clipNorm'> | undefined
  /** Options of the runtime for the training alone. */
  readonly extra?: SessionSettings['extra'] | undefined
  readonly checkpoint?: CheckpointSpec | undefined
  /** Digests of files that paths only name: a checkpoint belongs to their contents. */
  readonly identity?: string | undefined
}

/** What came of a training. */
export interface TrainedModel {
  readonly history: readonly EpochReport[]
  /** 0: no epoch was better than what was there. */
  readonly bestEpoch: number
  readonly steps: number
  readonly learningRate: TrainReply['learningRate']
  readonly objective: Objective
  /** The teacher's metric on the held-out samples; undefined without a teacher. */
  readonly teacherMetric: number | undefined
  /** What the teacher gave for the samples; undefined where it ran in every step. */
  readonly teacherCache: TeacherCache | undefined
  /** Of the file the job names, before the training; undefined without held-out samples. */
  readonly start: Measured | undefined
  /** What a model file's metric is on the held-out samples; undefined without such. */
  readonly measure: MeasureModel | undefined
  /** Why it ended before its last epoch. */
  readonly stopped: string | undefined
  readonly frozen: readonly FrozenConstant[]
  /** Names of what was trained. */
  readonly trained: readonly string[]
  /** Patterns to freeze that name nothing. */
  readonly unmatched: readonly string[]
  readonly notes: readonly string[]
  readonly peakRssBytes: number
}
