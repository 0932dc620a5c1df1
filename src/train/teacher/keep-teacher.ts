import type {DataSpec} from '../../data/dataset.js'
import {ask} from '../../runtime/child/ask.js'
import type {RunControl} from '../../runtime/child/run-control.js'
import {task} from '../../runtime/child/task.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import type {ScoreKind} from '../step/scores-of-probabilities.js'
import type {TeacherCache} from './teacher-rows.js'

const RUN_TEACHER = task<typeof import('./teacher-task.js').runTeacher>('train/teacher/teacher-task', 'runTeacher')

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

export interface KeptTeacher extends Omit<TeacherReply, 'samples' | 'shapes'> {
  readonly cache: TeacherCache
  readonly peakRssBytes: number
}

export interface KeepControl extends RunControl {
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Runs a teacher over all samples once, in a child process, and keeps what it gives in a file: ten times cheaper than to run it in
 * every step, as long as the samples stay as they are.
 *
 * @param name what messages call the teacher: its file name.
 * @throws DataError for data that does not fit it, UnsupportedError for a value without a row per sample, RuntimeRefusedError,
 *   MachineError, InterruptedError.
 */
export async function keepTeacher(name: string, request: TeacherRequest, control: KeepControl): Promise<KeptTeacher> {
  const {output, peakRssBytes} = await ask(RUN_TEACHER, request, `running the teacher ${name}`, control)
  const {samples, shapes, ...rest} = output
  const values = request.values.map((value, index) => ({name: value.name, shape: shapes[index] ?? []}))
  return {...rest, cache: {path: request.file, samples, values}, peakRssBytes}
}
