import type {DataSpec} from '../../data/dataset.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import type {ScoreKind} from '../step/scores-of-probabilities.js'

/** An output of the teacher's file that is to be kept. */
export interface WantedValue {
  readonly name: string
  readonly kind: ScoreKind
}

export interface TeacherRequest {
  /** The model file; all wanted values are outputs of it. */
  readonly path: string
  readonly settings: SessionSettings
  readonly data: DataSpec
  readonly batch: number
  readonly values: readonly WantedValue[]
  /** Where the rows go; replaced. */
  readonly file: string
}

export interface TeacherReply {
  readonly samples: number
  /** Of a single sample, per value. */
  readonly shapes: readonly (readonly number[])[]
  /** Which values were probabilities, and are kept as scores. */
  readonly probabilities: readonly boolean[]
  readonly labels: Float64Array | undefined
  readonly notes: readonly string[]
}
