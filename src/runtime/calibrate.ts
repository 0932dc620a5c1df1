import {basename} from 'node:path'
import type {DataSpec} from '../data/dataset.js'
import {runTask} from './run-task.js'
import type {RunControl, SessionSettings} from './session-settings.js'
import type {CalibrateReply} from './tasks/calibrate.js'
import {withTempFolder} from './temp-folder.js'

export interface CalibrateOptions extends RunControl {
  readonly data: DataSpec
  /** Names of graph inputs or node outputs to measure, float. */
  readonly tensors: readonly string[]
  readonly method: 'minmax' | 'percentile'
  /** 50..100, such as 99.99: how many per cent of the values stay inside the range; for `percentile` only. */
  readonly percentile: number
  /** Samples at most; all of the data when absent. */
  readonly limit?: number | undefined
  /** Rows per run; chosen by the size of the activations when absent. The ranges do not depend on it but for rounding. */
  readonly batch?: number | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Measures the ranges of activations over the data, in a child process whose memory does not grow with the number of samples.
 *
 * @returns the ranges as seen; zero is not forced into them.
 * @throws DataError when there is no sample or a tensor becomes NaN or infinite, and as `evaluate`.
 */
export async function calibrate(
  path: string,
  settings: SessionSettings,
  options: CalibrateOptions,
): Promise<CalibrateReply> {
  const {tensors, method, percentile, limit, batch} = options
  const data = limit === undefined ? options.data : {...options.data, limit}
  return withTempFolder((folder) => {
    const request = {path, settings, data, tensors, method, percentile, batch, folder}
    return runTask('calibrate', request, `calibrating ${basename(path)}`, options)
  })
}
