import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {backward} from '../../src/autodiff/backward.js'
import {useBatchStatistics} from '../../src/autodiff/batch-statistics.js'
import {openModel} from '../../src/io/open-model.js'
import {GraphBuilder} from '../../src/ir/build.js'
import type {Model} from '../../src/ir/model.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {upgradeOpset} from '../../src/passes/upgrade/upgrade-opset.js'
import {trainingCopy} from '../../src/pipelines/train/training-copy.js'
import {blockedCopy} from '../../src/train/layout/block-layout.js'
import {blockSize} from '../../src/train/layout/block-size.js'
import {specsFor} from '../support/pass-trial.js'
import {runGraph} from '../support/run-graph.js'
import {readStoredGradients, type StoredGradients} from '../support/stored-gradients.js'

interface Run {
  readonly optimization: 'disabled' | 'all'
  /** In blocks of channels only with all sizes known, as in a training step. */
  readonly layout: 'plain' | 'blocked'
  /** As it is trained: patterns recognized, only what is read computed, all sizes known. */
  readonly isCopy?: boolean
}

async function upgraded(model: Model): Promise<Model> {
  inferModel(model)
  await upgradeOpset({from: model.opsets.get('') ?? 13, to: 17}).run(model.graph)
  model.opsets.set('', 17)
  return model
}

/** The fixture, as a gradient can be written into it: at opset 17 or later, with mean cross-entropy behind its logits. */
async function stepOf(
  net: string,
  stored: StoredGradients,
  {layout, isCopy}: Run,
): Promise<{model: Model; loss: Value; close(): void}> {
  const {model: original, close} = await openModel(`fixtures/models/${net.replace('_training', '')}.onnx`)
  const model = isCopy ? await trainingCopy(original) : await upgraded(original)
  if (net.endsWith('_training')) useBatchStatistics(model.graph)
  const build = new GraphBuilder(model.graph)
  const classes = net.endsWith('spam') ? 2 : 10
  const target = build.input('target', [stored.labels.length, classes])
  const scores = build.op('LogSoftmax', [model.graph.outputs[0] as Value], {axis: -1})
  const total = build.op('ReduceSum', [build.op('Mul', [scores, target])], {keepdims: 0})
  const loss = build.op('Mul', [total, build.scalar(-1 / stored.labels.length)], {}, {outputs: ['loss']})
  const sizes = [...stored.inputs].map(([name, {shape}]) => [name, shape])
  inferModel(model, layout === 'blocked' || isCopy ? {inputShapes: Object.fromEntries(sizes)} : {})
  return {model, loss, close}
}

function oneHot(labels: readonly number[], classes: number): OrtTensor {
  const data = new Float32Array(labels.length * classes)
  for (const [row, label] of labels.entries()) data[row * classes + label] = 1
  return new OrtTensor('float32', data, [labels.length, classes])
}

/** The largest difference of any weight's gradient to the reference, over that gradient's norm or a hundredth of the largest. */
async function worstDifference(
  net: string,
  run: Run,
): Promise<{difference: number; loss: number; weights: number; changed: number}> {
  const stored = await readStoredGradients(net)
  const {model, loss, close} = await stepOf(net, stored, run)
  const trained = model.graph.constants().filter(({name}) => stored.gradients.has(name))
  const found = backward(model.graph, {loss, wrt: trained}, {specOf: specsFor(model)})
  const build = new GraphBuilder(model.graph)
  build.output(loss)
  const names = new Map<string, string>()
  for (const [value, gradient] of found) names.set(value.name, build.output(build.op('Identity', [gradient])).name)
  const feeds: Record<string, OrtTensor> = Object.fromEntries(
    [...stored.inputs].map(([name, {data, shape}]) => [name, new OrtTensor(data as Float32Array, shape)]),
  )
  feeds.target = oneHot(stored.labels, net.endsWith('spam') ? 2 : 10)
  const {model: runnable, changed} = run.layout === 'blocked' ? blockedCopy(model, blockSize()) : {model, changed: 0}
  const results = await runGraph(runnable, feeds, run.optimization)
  close()
  const largest = Math.max(...[...stored.gradients.values()].map(({norm}) => norm))
  let difference = 0
  for (const [name, {sample, norm}] of stored.gradients) {
    const gradient = results[names.get(name) ?? '']?.data as Float32Array
    const step = Math.max(1, Math.ceil(gradient.length / 256))
    const scale = Math.max(norm, largest / 100)
    sample.forEach((wanted, index) => {
      difference = Math.max(difference, Math.abs(wanted - (gradient[index * step] as number)) / scale)
    })
    difference = Math.max(difference, Math.abs(normOf(gradient) - norm) / scale)
  }
  const lossError = Math.abs(Number(results.loss?.data[0]) - stored.loss)
  return {difference, loss: lossError, weights: stored.gradients.size, changed}
}

function normOf(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum)
}

const NETS: readonly (readonly [net: string, bound: number])[] = [
  ['mlp_fm', 1e-5],
  ['cnn_fm', 1e-5],
  ['resnet8_fm_bn', 1e-5],
  ['resnet8_fm_bn_training', 1e-5],
  ['mobile_fm_bn', 1e-4],
  ['mobile_fm_bn_training', 1e-4],
  ['bert_spam', 1e-5],
  ['lstm_spam', 1e-5],
]

describe('gradients of whole networks', () => {
  for (const [net, bound] of NETS) {
    for (const optimization of ['disabled', 'all'] as const) {
      it(`${net}: agree with PyTorch in float64, optimizations ${optimization}`, async () => {
        const {difference, loss, weights} = await worstDifference(net, {optimization, layout: 'plain'})
        expect(weights).to.be.at.least(6)
        expect(loss).to.be.at.most(1e-5)
        expect(difference).to.be.at.most(bound)
      })
    }
  }

  for (const [net, bound] of NETS.filter(([name]) => name.endsWith('spam'))) {
    it(`${net}: agree with PyTorch in float64 in the form that is trained`, async () => {
      const {difference, loss} = await worstDifference(net, {optimization: 'all', layout: 'plain', isCopy: true})
      expect(loss).to.be.at.most(1e-5)
      expect(difference).to.be.at.most(bound)
    })
  }

  for (const [net, bound] of NETS.filter(([name]) => /cnn|_bn/.test(name))) {
    it(`${net}: agree with PyTorch in float64 from blocks of channels`, async () => {
      const {difference, loss, changed} = await worstDifference(net, {optimization: 'disabled', layout: 'blocked'})
      expect(changed).to.be.at.least(4)
      expect(loss).to.be.at.most(1e-5)
      expect(difference).to.be.at.most(bound)
    })
  }
})
