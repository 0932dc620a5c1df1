import type {DataSpec} from '../../data/dataset.js'
import {judgeOutputs} from '../../judge/judge-outputs.js'
import type {Fidelity} from '../../results.js'
import type {Studio} from './draft.js'

/** Holds a written draft against the float model on the first samples of some data, one a run. */
export async function fidelityOfDraft(
  {options, effects}: Pick<Studio, 'options' | 'effects'>,
  reference: string,
  path: string,
  {spec, samples}: {readonly spec: DataSpec; readonly samples: number},
): Promise<Fidelity> {
  const {provider, threads, dims} = options.run
  const source = {kind: 'data', spec, limit: Math.min(samples, spec.limit ?? samples)} as const
  const wanted = options.judge.outputKinds
  const judging = {source, batch: 1, wanted, against: 'input', signal: effects.signal} as const
  return (await judgeOutputs(reference, path, {provider, threads, dims}, judging)).fidelity
}
