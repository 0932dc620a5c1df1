import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {writeScratch} from '../../io/write-variant.js'
import type {Node} from '../../ir/node.js'
import {writerOf} from '../../passes/quantize/plan/form.js'
import type {Choice} from '../../passes/quantize/plan/plan.js'
import {type LayerResult, measureLayerEffects} from '../../runtime/layer-effects/measure-layer-effects.js'
import type {Yardstick} from '../../runtime/layer-effects/probe.js'
import {outputGradients} from '../../train/step/output-gradients.js'
import {trainingCopy} from '../train/training-copy.js'
import {copyPrepared} from './copy-prepared.js'
import {type Draft, planOfDraft, type Studio, writingOf} from './draft.js'
import {executePlan} from './quantize-model.js'

/**
 * What each layer does to the outputs, estimated to the first order by gradients: one pass instead of one per layer.
 *
 * @param layers of the draft's plan.
 * @param data samples to run.
 * @param folder of its own, for files.
 * @returns the error by layer; those whose result cannot be found again or reaches no output do nothing that is seen.
 * @throws UnsupportedOpError for an operator that has no gradient.
 */
export async function estimatedErrors(
  studio: Studio,
  draft: Draft,
  layers: readonly Choice[],
  {yardstick, data, folder}: {readonly yardstick: Yardstick; readonly data: DataSpec; readonly folder: string},
): Promise<ReadonlyMap<Choice, number>> {
  const {options, effects, prepared} = studio
  const {provider, threads, dims, seed} = options.run
  const paths = {float: join(folder, 'before.onnx'), quantized: join(folder, 'after.onnx')}
  await writeScratch(prepared.model, paths.float)
  const found = await writeQuantized(studio, draft, layers, paths.quantized)
  const names = [...found.values()]
  const inside = names.map(({float, activated = float}) => activated)
  const all = [...new Set([...inside, ...names.map(({float}) => float)])]
  const gradients = outputGradients(await trainingCopy(prepared.model, 'the model', all), all)
  const errors = await measureLayerEffects(
    {provider, threads, dims},
    {
      ...paths,
      ...{gradients, layers: names, yardstick, data, seed, signal: effects.signal},
      onProgress: (done, total) => effects.progress('estimating what layers do', done, total),
    },
  )
  return new Map([...found.keys()].map((choice, i) => [choice, errors[i] as number]))
}

/** @returns the names of the layers that are there before and after. */
async function writeQuantized(
  studio: Studio,
  draft: Draft,
  layers: readonly Choice[],
  path: string,
): Promise<ReadonlyMap<Choice, LayerResult>> {
  const copy = copyPrepared(studio.prepared)
  const {plan, ranges} = await planOfDraft(studio, draft, copy)
  const {absorbed} = plan.spans
  const twins = new Map(
    copy.model.graph.nodes().map((node) => {
      const [result] = node.outputs
      const activation = result && absorbed.get(result)
      return [node.name, {node, float: result?.name, activated: activation && resultOf(activation)}]
    }),
  )
  await executePlan(copy, plan, ranges, await writingOf(studio, draft, plan))
  await writeScratch(copy.model, path, {signal: studio.effects.signal})
  const after = new Set(copy.model.graph.nodes().flatMap(({outputs}) => outputs.map((value) => value?.name)))
  return new Map(
    layers.flatMap((choice): [Choice, LayerResult][] => {
      const {node, float, activated} = twins.get(choice.node.name) ?? {}
      if (!node || float === undefined) return []
      // a kernel whose result is quantized gives it under another name, in front of QuantizeLinear
      const quantized = writerOf(choice.form) === 'static' ? resultOf(node) : float
      return quantized !== undefined && after.has(quantized) ? [[choice, {float, quantized, activated}]] : []
    }),
  )
}

function resultOf({outputs: [result]}: Node): string | undefined {
  return result?.name
}
