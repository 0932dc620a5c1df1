import {basename, join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeVariant} from '../../io/write-variant.js'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import {task} from '../child/task.js'
import type {SessionSettings} from '../session/session-settings.js'
import {momentGroups} from './moment-groups.js'
import {addMomentOutputs, type MeasuredTensor} from './moment-outputs.js'
import type {Moments} from './moments-task.js'

const MOMENTS = task<typeof import('./moments-task.js').moments>('runtime/moments/moments-task', 'moments', {
  leavesNothing: true,
})

export interface MomentsOptions extends RunControl {
  readonly data: DataSpec
  readonly tensors: readonly MeasuredTensor[]
  /** Whether to sum up XᵀX too: for GPTQ. Costs a product of `rows × channels²` per tensor. */
  readonly products: boolean
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Second moments of activations over the data, by their keys, measured in child processes: one pass over the data, or several
 * where the matrices of products of all tensors would take more than 256 MB at once. The result holds them all.
 *
 * @throws DataError when there is no sample or a tensor becomes NaN or infinite, and as `evaluate`.
 */
export async function measureMoments(
  path: string,
  settings: SessionSettings,
  options: MomentsOptions,
): Promise<{moments: ReadonlyMap<string, Moments>; peakRssBytes: number}> {
  const found = new Map<string, Moments>()
  let peak = 0
  const groups = options.products ? momentGroups(options.tensors) : [options.tensors]
  for (const [index, tensors] of groups.entries()) {
    const onProgress = (done: number, total: number): void =>
      options.onProgress?.(index * total + done, groups.length * total)
    const {output, peakRssBytes} = await measureGroup(path, settings, {...options, tensors, onProgress})
    for (const [i, {key}] of tensors.entries()) found.set(key, output[i] as Moments)
    peak = Math.max(peak, peakRssBytes)
  }
  return {moments: found, peakRssBytes: peak}
}

async function measureGroup(path: string, settings: SessionSettings, options: MomentsOptions) {
  const {tensors, products, data} = options
  return withTempFolder(async (folder) => {
    const measuring = join(folder, 'measuring.onnx')
    const outputs = await writeVariant(path, measuring, ({model}) => addMomentOutputs(model.graph, tensors, products), {
      externalData: 'always',
      signal: options.signal,
    })
    return ask(MOMENTS, {path: measuring, outputs, settings, data}, `measuring inputs of ${basename(path)}`, options)
  })
}
