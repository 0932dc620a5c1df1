import {basename} from 'node:path'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import {task} from '../child/task.js'
import type {BatchAxes} from '../inputs/batch-axis.js'
import type {InputSource, SessionSettings} from '../session/session-settings.js'
import type {CompareRequest, OutputsComparison} from './compare-task.js'

const COMPARE = task<typeof import('./compare-task.js').compare>('runtime/compare/compare-task', 'compare', {
  leavesNothing: true,
})

export interface CompareOptions
  extends RunControl,
    Pick<
      CompareRequest,
      'tolerance' | 'variants' | 'fallbacks' | 'candidateSettings' | 'leaveOut' | 'observer' | 'referenceStages'
    > {
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
  const {referenceStages} = options
  const what = `comparing ${basename(candidatePath)} with ${basename(referencePath)}`
  const request = {
    ...{referencePath, candidatePath, settings, candidateSettings, source, batch, batchAxes},
    ...{tolerance, variants, fallbacks, leaveOut, observer, referenceStages},
  }
  const {output, peakRssBytes} = await ask(COMPARE, request, what, options)
  return {...output, peakRssBytes}
}
