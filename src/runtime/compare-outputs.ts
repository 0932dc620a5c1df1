import {basename} from 'node:path'
import {runTask} from './run-task.js'
import type {InputSource, RunControl, SessionSettings} from './session-settings.js'
import type {CompareRequest, OutputsComparison} from './tasks/compare.js'

type CompareChoices = 'tolerance' | 'variants' | 'fallbacks' | 'candidateSettings' | 'leaveOut'

export interface CompareOptions extends RunControl, Pick<CompareRequest, CompareChoices> {
  readonly source: InputSource
  /** Rows per run of data; synthetic inputs have theirs in the plan. */
  readonly batch: number
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Feeds two models the same samples in one fresh child process and tells how far their outputs, matched by name, are apart.
 *
 * @throws ModelError when an output is missing, and as `evaluate`.
 */
export async function compareOutputs(
  referencePath: string,
  candidatePath: string,
  settings: SessionSettings,
  options: CompareOptions,
): Promise<OutputsComparison> {
  const {source, batch, tolerance, variants, fallbacks, candidateSettings, leaveOut} = options
  const what = `comparing ${basename(candidatePath)} with ${basename(referencePath)}`
  const models = {referencePath, candidatePath, settings, candidateSettings}
  const request = {...models, source, batch, tolerance, variants, fallbacks, leaveOut}
  return runTask('compare', request, what, options)
}
