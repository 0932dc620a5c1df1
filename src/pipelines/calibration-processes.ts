import {availableParallelism} from 'node:os'
import {ShapeError} from '../errors.js'
import {openModel} from '../io/open-model.js'
import {inferModel, macsOf} from '../ops/infer-graph.js'
import {planInputs} from '../runtime/plan-inputs.js'
import type {RunOptions} from './options.js'

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
  const macs = await macsOfSample(path, {inputShapes, dims})
  return macs * samples < WORTHWHILE_MACS ? 1 : MOST
}

/** At batch 1; 0 where sizes depend on values. */
async function macsOfSample(path: string, options: Pick<RunOptions, 'inputShapes' | 'dims'>): Promise<number> {
  const {model, close} = await openModel(path)
  try {
    const plan = planInputs(model, options)
    inferModel(model, {inputShapes: Object.fromEntries(plan.map(({name, shape}) => [name, shape]))})
    return macsOf(model) ?? 0
  } catch (error) {
    if (error instanceof ShapeError) return 0
    throw error
  } finally {
    close()
  }
}
