import type {DataSpec} from '../../data/dataset.js'
import {portsOf} from '../../data/model-ports.js'
import {openData} from '../../data/open-data.js'
import type {Effects} from '../../effects.js'
import {evalBatch} from '../../facts/eval-batch.js'
import type {Model} from '../../ir/model.js'
import {chooseMetric} from '../../judge/choose-metric.js'
import {agreementIn, judge} from '../../judge/judge.js'
import {judgeOutputs} from '../../judge/judge-outputs.js'
import {keptDrop, pairedDrop} from '../../judge/paired-drop.js'
import {METRICS} from '../../metrics/registry.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import type {Evaluation} from '../../runtime/evaluate/evaluate.js'
import type {MeasureDrop} from './search.js'

/**
 * What measures how much a written file drops against the float model: by labels where there are some, else by the answers that are
 * kept. The float model is evaluated once.
 *
 * @param model of the reference, for its inputs.
 */
export async function measureDrop(
  {path, model}: {readonly path: string; readonly model: Model},
  data: DataSpec,
  {run, judge: asked}: Pick<QuantizeOptions, 'run' | 'judge'>,
  {signal}: Effects,
): Promise<MeasureDrop> {
  const {provider, threads, dims} = run
  const settings = {provider, threads, dims}
  const {labels} = await openData(data, portsOf(model))
  const metric = await chooseMetric(labels, asked.metric)
  const {outputName, outputKinds: wanted} = asked
  if (metric === METRICS.agreement) {
    return async (file, batch) => {
      const source = {kind: 'data', spec: data} as const
      const {compared, fidelity} = await judgeOutputs(path, file, settings, {
        source,
        batch,
        wanted,
        against: 'input',
        signal,
      })
      return keptDrop(agreementIn(fidelity, outputName) ?? 0, compared.samples)
    }
  }
  const answersOf = async (file: string, batch: number) =>
    (await judge(file, settings, {data, batch, outputName, signal})).answers
  let before: Evaluation | undefined
  const batchBefore = evalBatch(model)
  return async (file, batch) => {
    before ??= await answersOf(path, batchBefore)
    return pairedDrop(metric, before, await answersOf(file, batch))
  }
}
