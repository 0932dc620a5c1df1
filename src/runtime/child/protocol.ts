import type {Task} from './task.js'
import type {TransferredError} from './transferred-error.js'

/** Parent → child, while a task works: end it early. Tasks that do not ask for it go on. */
export interface StopRequest {
  readonly kind: 'stop'
}

/** Parent → child. */
export interface Request {
  readonly id: number
  readonly task: Task<unknown, unknown>
  readonly input: unknown
  /** The child has answered another asker before. */
  readonly isUsed: boolean
}

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
  | ResultReply
  | {readonly kind: 'error'; readonly id: number; readonly error: TransferredError}

export interface ResultReply {
  readonly kind: 'result'
  readonly id: number
  readonly output: unknown
  /** What the child holds now. */
  readonly rssBytes: number
  /** The most it has held while it worked for this asker. */
  readonly peakRssBytes: number
}
