import type {Measurement} from '../../bench/measurement.js'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import type {BenchOptions} from '../../options/bench.js'
import {profileNodes} from '../../runtime/profile/profile-nodes.js'
import type {NodeProfile} from '../../runtime/profile/profile-task.js'
import type {BenchModel} from './models.js'
import {type Setting, sourceOf} from './timing.js'

/** A profile takes about 22 runs: on the CPU, where all nodes run anyway, slow models go without unless it is asked for. */
const SLOW_MS = 100

/** Reads from the runtime where the nodes of each model really ran: providers fall back to the CPU in silence. */
export async function profileModels(
  models: readonly BenchModel[],
  measurements: readonly Measurement[],
  setting: Setting,
  data: DataSpec | undefined,
  options: BenchOptions,
  {progress, signal}: Effects,
): Promise<Map<BenchModel, NodeProfile>> {
  const {provider, batch, threads} = setting
  const profiles = new Map<BenchModel, NodeProfile>()
  for (const [index, model] of models.entries()) {
    const measurement = measurements[index]
    if (!measurement || measurement.error !== undefined) continue
    if (provider === 'cpu' && !options.output.profile && measurement.summary().p50 > SLOW_MS) continue
    progress(`profiling ${model.name}`, index, models.length)
    const source = sourceOf(model, batch, data, options.run.seed)
    const settings = {provider, threads, dims: options.run.dims}
    profiles.set(model, await profileNodes(model.path, settings, {source, batch, signal}))
  }
  return profiles
}
