import type {DataSpec} from '../data/dataset.js'
import type {Augmentation} from '../data/images/augment.js'
import type {SessionSettings} from '../runtime/session/session-settings.js'
import type {CheckpointSpec, EvalSpec, UpdateSpec} from './loop/train-request.js'
import type {Teacher} from './step/add-teacher.js'
import type {IsFrozen} from './step/parameters.js'
import type {LossSpec} from './step/step-loss.js'
import type {TeacherCache} from './teacher/teacher-rows.js'

export interface TrainOptions {
  /** What messages call the model: its file name. */
  readonly name: string
  readonly settings: SessionSettings
  /** Samples, with labels where a loss wants them. Where one wants a teacher and there is none, its outputs are an array named `teacher`. */
  readonly data: DataSpec
  readonly evaluation?: EvalSpec | undefined
  readonly losses: readonly LossSpec[]
  readonly update: UpdateSpec
  /** How training images change; not at all when absent. What a teacher gave for unchanged ones then does not fit. */
  readonly augment?: readonly Augmentation[] | undefined
  readonly batch: number
  readonly epochs: number
  /** Decides the order of the samples, and nothing else. */
  readonly seed: number
  /** The output that is trained and judged; the first when absent. */
  readonly output?: string | undefined
  readonly isFrozen?: IsFrozen | undefined
  /** Computed beside the student in every step. */
  readonly teacher?: Teacher | undefined
  /** In its place: what the teacher gave for the samples of `data`, in their order. */
  readonly teacherCache?: TeacherCache | undefined
  /** Epochs without a better metric after which training ends; never when absent. */
  readonly patience?: number | undefined
  /** The weights that are there are judged too, and kept when no epoch is better; otherwise some epoch's are. */
  readonly startCounts?: boolean | undefined
  /** What else a checkpoint must belong to: digests of files that the above only names. */
  readonly identity?: string | undefined
  /** BatchNormalization by the batch, its running statistics kept up: to train from scratch. With its stored ones when absent. */
  readonly batchStatistics?: boolean | undefined
  readonly inputShapes?: Readonly<Record<string, readonly number[]>> | undefined
  readonly checkpoint?: CheckpointSpec | undefined
  /** How many updates one run of the runtime does at most; chosen by measurements when absent. Changes no more than rounding. */
  readonly updatesPerRun?: number | undefined
}
