import {availableParallelism} from 'node:os'
import type {RunOptions} from '../../options/common.js'
import {macsOfFile} from '../inspect/macs-of-file.js'

/** More would multiply the memory. */
const MOST = 2
/** Multiply-accumulates, about half a second of float32 on one core: from here on a second process is worth its start and memory. */
const WORTHWHILE_MACS = 2e10

/**
 * How many processes to calibrate in: two where the machine has the cores and the model the work. The ranges don't depend on it.
 *
 * @param samples how many the data has, or at most has.
 */
export async function calibrationProcesses(
  path: string,
  samples: number,
  {provider, inputShapes, dims}: Pick<RunOptions, 'provider' | 'inputShapes' | 'dims'>,
): Promise<number> {
  const cores = availableParallelism()
  if (provider !== 'cpu' || cores < MOST) return 1
  const macs = (await macsOfFile(path, {inputShapes, dims})) ?? 0
  return macs * samples < WORTHWHILE_MACS ? 1 : MOST
}
