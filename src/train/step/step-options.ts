import type {Teacher} from './add-teacher.js'
import type {IsFrozen} from './parameters.js'
import type {LossSpec} from './step-loss.js'

export interface StepOptions {
  /** Whole shape of every input of the model: one batch. */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>
  /** The output that is trained; the first when absent. */
  readonly output?: string | undefined
  readonly losses: readonly LossSpec[]
  readonly isFrozen?: IsFrozen | undefined
  /** Computes what losses compare with a teacher; when absent, what it gave is fed to the step. */
  readonly teacher?: Teacher | undefined
  /** Sizes of what is fed, without the batch, by the name of the teacher's value; like the student's when absent. */
  readonly teacherShapes?: ReadonlyMap<string, readonly number[]> | undefined
  /** Whether BatchNormalization takes mean and variance of the batch, as when training from scratch; its running ones when absent. */
  readonly batchStatistics?: boolean | undefined
}
