import type {CalibrateReply, CalibrateRequest} from '../calibrate/calibrate-task.js'
import type {CompareRequest, OutputsComparison} from '../compare/compare-task.js'
import type {EvaluateReply, EvaluateRequest} from '../evaluate/evaluate-task.js'
import type {ExtremesReply, ExtremesRequest} from '../extremes/extremes-task.js'
import type {FoldReply, FoldRequest} from '../fold/fold-task.js'
import type {LayerErrorsReply, LayerErrorsRequest} from '../layer-errors/layer-errors-task.js'
import type {OptimizeRequest} from '../optimize/optimize-task.js'
import type {NodeProfile, ProfileRequest} from '../profile/profile-task.js'
import type {Backend} from '../providers/providers-task.js'
import type {BlockRequest, LoadedModel, LoadRequest, TimedBlock} from '../time/time-task.js'
import type {ModuleRequest} from './module-task.js'
import type {TransferredError} from './transferred-error.js'

/** What the child can be asked to do: task → what it takes and gives. Everything is structured-clonable. */
export interface TaskTable {
  prepare: {input: undefined; output: undefined}
  load: {input: LoadRequest; output: LoadedModel}
  timeBlock: {input: BlockRequest; output: TimedBlock}
  peakMemory: {input: undefined; output: number}
  evaluate: {input: EvaluateRequest; output: EvaluateReply}
  calibrate: {input: CalibrateRequest; output: CalibrateReply}
  layerErrors: {input: LayerErrorsRequest; output: LayerErrorsReply}
  compare: {input: CompareRequest; output: OutputsComparison}
  extremes: {input: ExtremesRequest; output: ExtremesReply}
  fold: {input: FoldRequest; output: FoldReply}
  profile: {input: ProfileRequest; output: NodeProfile}
  optimize: {input: OptimizeRequest; output: undefined}
  module: {input: ModuleRequest; output: unknown}
  listBackends: {input: undefined; output: Backend[]}
  tryProvider: {input: {provider: string}; output: undefined}
}

export type TaskName = keyof TaskTable
export type TaskInput<K extends TaskName> = TaskTable[K]['input']
export type TaskOutput<K extends TaskName> = TaskTable[K]['output']

/** What a task may say while it works. */
export interface TaskContext {
  /**
   * Rate-limited; also the sign of life that keeps the parent's time limit from firing.
   *
   * @param figure a number that goes with it, such as a loss.
   */
  progress(done: number, total: number, figure?: number): void
  /** Hands a piece of a large result to the parent; resolves when the channel has taken it. */
  part(data: Float32Array): Promise<void>
  /** Tells the parent of a step that is done: plain data. */
  event(data: unknown): void
  /** Whether the asker wants the task to come to an end early, with what it has. */
  isStopWanted(): boolean
}

export type Task<K extends TaskName> = (input: TaskInput<K>, context: TaskContext) => Promise<TaskOutput<K>>

/** Parent → child, while a task works: end it early. Tasks that do not ask for it go on. */
export interface StopRequest {
  readonly kind: 'stop'
}

/** Parent → child. */
export type Request = {
  [K in TaskName]: {readonly id: number; readonly task: K; readonly input: TaskInput<K>; readonly isUsed: boolean}
}[TaskName]

/** Child → parent. */
export type Reply =
  | {
      readonly kind: 'progress'
      readonly id: number
      readonly done: number
      readonly total: number
      readonly figure?: number | undefined
    }
  | {readonly kind: 'part'; readonly id: number; readonly data: Float32Array}
  | {readonly kind: 'event'; readonly id: number; readonly data: unknown}
  | {readonly kind: 'result'; readonly id: number; readonly output: unknown; readonly rssBytes: number}
  | {readonly kind: 'error'; readonly id: number; readonly error: TransferredError}
