/** Builds the step of train-race-step.ts in a process of its own, so that what building takes is not counted as memory of a step. */
import {fork} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {trainingCopy} from '../../src/pipelines/train/training-copy.js'
import {stepLayouts} from '../../src/train/layout/step-layouts.js'
import {buildStep, type StepGraph} from '../../src/train/step/step-graph.js'

/** A step as its process runs it. Plain data. */
export interface BuiltStep extends Pick<StepGraph, 'loss' | 'parameters' | 'statistics' | 'initial'> {
  /** As `stepLayouts` names them, encoded. */
  readonly layouts: Readonly<Record<string, Uint8Array>>
}

/** Shapes of the inputs of a net in fixtures/models. */
export function inputShapesOf(net: string, batch: number): Record<string, readonly number[]> {
  if (!net.endsWith('_spam')) return {input: [batch, 1, 28, 28]}
  const ids = [batch, 64]
  return net === 'bert_spam' ? {input_ids: ids, attention_mask: ids} : {input_ids: ids}
}

/** The step of a net in fixtures/models: cross-entropy, BatchNormalization by the batch. */
export async function buildElsewhere(net: string, batch: number): Promise<BuiltStep> {
  const child = fork(fileURLToPath(import.meta.url), [net, String(batch)], {serialization: 'advanced'})
  const [built] = (await once(child, 'message')) as [BuiltStep]
  child.disconnect()
  return built
}

async function build(net: string, batch: number): Promise<BuiltStep> {
  const {model, close} = await openModel(`fixtures/models/${net}.onnx`)
  const step = buildStep(await trainingCopy(model), {
    inputShapes: inputShapesOf(net, batch),
    losses: [{kind: 'cross-entropy'}],
    batchStatistics: net.endsWith('_bn'),
  })
  const models = Object.entries(stepLayouts(step.model, {provider: 'cpu', threads: 1}))
  const layouts = Object.fromEntries(models.map(([name, layout]) => [name, encodeModel(layout)]))
  close()
  const {loss, parameters, statistics, initial} = step
  return {layouts, loss, parameters, statistics, initial}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [net = '', batch = ''] = process.argv.slice(2)
  process.send?.(await build(net, Number(batch)))
}
