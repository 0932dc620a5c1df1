import type {SessionSettings} from '../../src/runtime/session/session-settings.js'
import {type ModelProcess, modelStarts, type StartOptions} from '../../src/runtime/time/model-starts.js'

/** Loads a model in a new child process and feeds it the first batch of the source. @throws as `modelStarts`. */
export async function startModel(
  path: string,
  settings: SessionSettings,
  options: StartOptions,
): Promise<ModelProcess> {
  return (await modelStarts(path, settings, options).begin()).load()
}
