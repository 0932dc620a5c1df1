import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeScratch} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import type {Answer} from '../child/start-child.js'
import {task} from '../child/task.js'
import type {SessionSettings} from '../session/session-settings.js'
import type {FitNames} from './fit-outputs.js'
import type {Measured} from './fit-task.js'

const FITS = task<typeof import('./fit-task.js').measureFits>('runtime/gram/fit-task', 'measureFits', {
  leavesNothing: true,
})

export interface FitsOptions extends RunControl {
  /** The model whose results are the targets, with those as its outputs. */
  readonly dense: Model
  /** The model that is fitted, with `fits` added. */
  readonly pruned: Model
  readonly fits: readonly FitNames[]
  readonly data: DataSpec
  readonly seed: number
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Measures in a child process what least-squares fits of products take.
 *
 * @returns in the order of the fits.
 * @throws as `evaluate`.
 */
export async function askFits(
  settings: SessionSettings,
  {dense, pruned, fits, data, seed, ...control}: FitsOptions,
): Promise<Answer<Measured[]>> {
  return withTempFolder(async (folder) => {
    const paths = {dense: join(folder, 'dense.onnx'), pruned: join(folder, 'pruned.onnx')}
    await writeScratch(dense, paths.dense, {externalData: 'always'})
    await writeScratch(pruned, paths.pruned, {externalData: 'always'})
    return ask(FITS, {...paths, fits, settings, data, seed}, 'repairing', control)
  })
}
