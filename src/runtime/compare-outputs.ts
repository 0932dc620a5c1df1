import {basename} from 'node:path'
import {runTask} from './run-task.js'
import type {InputSource, RunControl, SessionSettings} from './session-settings.js'
import type {CompareRequest, OutputsComparison} from './tasks/compare.js'

export interface CompareOptions extends RunControl, Pick<CompareRequest, 'tolerance' | 'variants' | 'fallbacks'> {
  readonly source: InputSource
  /** Rows per run of data; synthetic inputs have theirs in the plan. */
  readonly batch: number
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Feeds two models the same samples in one fresh child process and tells how far their outputs, matched by name, are apart.
 *
 * @throws ModelError when an output is missing or has another shape, and as `evaluate`.
 */
export async function compareOutputs(
  referencePath: string,
  candidatePath: string,
  settings: SessionSettings,
  options: CompareOptions,
): Promise<OutputsComparison> {
  const {source, batch, tolerance, variants, fallbacks} = options
  const what = `comparing ${basename(candidatePath)} with ${basename(referencePath)}`
  const request = {referencePath, candidatePath, settings, source, batch, tolerance, variants, fallbacks}
  return runTask('compare', request, what, options)
}
