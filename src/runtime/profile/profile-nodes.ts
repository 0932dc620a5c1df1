import {basename} from 'node:path'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import {task} from '../child/task.js'
import type {InputSource, SessionSettings} from '../session/session-settings.js'
import type {NodeProfile} from './profile-task.js'

const PROFILE = task<typeof import('./profile-task.js').profile>('runtime/profile/profile-task', 'profile')

export interface ProfileOptions extends RunControl {
  readonly source: InputSource
  /** Rows per run of data; 1 when absent. Synthetic inputs have theirs in the plan. */
  readonly batch?: number | undefined
}

/** Where the nodes of a model really run, and which operators take the time, read from a profile of the runtime. @throws as `evaluate`. */
export async function profileNodes(
  path: string,
  settings: SessionSettings,
  options: ProfileOptions,
): Promise<NodeProfile> {
  const {source, batch = 1} = options
  const what = `profiling ${basename(path)}`
  const {output} = await withTempFolder((folder) => {
    return ask(PROFILE, {path, settings, source, batch, folder}, what, options)
  })
  return output
}
