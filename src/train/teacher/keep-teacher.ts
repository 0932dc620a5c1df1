import {ask} from '../../runtime/child/ask.js'
import type {RunControl} from '../../runtime/child/run-control.js'
import {task} from '../../runtime/child/task.js'
import type {TeacherReply, TeacherRequest} from './teacher-request.js'
import type {TeacherCache} from './teacher-rows.js'

const RUN_TEACHER = task<typeof import('./teacher-task.js').runTeacher>('train/teacher/teacher-task', 'runTeacher')

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
