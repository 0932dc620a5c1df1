import {basename} from 'node:path'
import {runTask} from '../child/run-task.js'
import type {BatchAxes} from '../inputs/batch-axis.js'
import type {InputSource, RunControl, SessionSettings} from '../session/session-settings.js'
import type {CompareRequest, OutputsComparison} from './compare-task.js'

export interface CompareOptions
  extends RunControl,
    Pick<CompareRequest, 'tolerance' | 'variants' | 'fallbacks' | 'candidateSettings' | 'leaveOut' | 'observer'> {
  readonly source: InputSource
  /** Rows per run of data; synthetic inputs have theirs in the plan. */
  readonly batch: number
  /** Of outputs, where they are known. */
  readonly batchAxes?: BatchAxes | undefined
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
  const {source, batch, batchAxes = {}, tolerance, variants, fallbacks, observer, candidateSettings, leaveOut} = options
  const what = `comparing ${basename(candidatePath)} with ${basename(referencePath)}`
  const request = {
    ...{referencePath, candidatePath, settings, candidateSettings, source, batch, batchAxes},
    ...{tolerance, variants, fallbacks, leaveOut, observer},
  }
  return runTask('compare', request, what, options)
}
