import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {DataError, FileError, UnsupportedError, UnsupportedOpError, UsageError} from '../../../../src/errors.js'
import {encodeModel} from '../../../../src/io/encode-model.js'
import {openModel} from '../../../../src/io/open-model.js'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../../src/ir/model.js'
import {readFloat32, type Tensor} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {inferModel} from '../../../../src/ops/infer-graph.js'
import type {FinetuneOptions} from '../../../../src/options/training.js'
import {finetune} from '../../../../src/pipelines/train/finetune.js'
import {finetuneResult} from '../../../../src/results.js'
import {DataFolder} from '../../../support/data-folder.js'
import {npyOf} from '../../../support/npy-writer.js'
import {randomFloats} from '../../../support/pass-trial.js'
import {type Flat, SILENT} from '../../../support/pipeline-options.js'
import {finetuneOptions, pointData, points, SAMPLES, writeNet} from '../../../support/training-trial.js'

describe('finetune', () => {
  const folder = new DataFolder()
  const data = pointData(folder, 'train.npz', {label: points(1).labels})
  const judged = pointData(folder, 'test.npz', {seed: 2, label: points(2).labels})
  after(() => folder.remove())

  const run = (model: string, name: string, changes: Flat<FinetuneOptions> = {}) => {
    return finetune(model, finetuneOptions({output: join(folder.path, name), data, eval: judged, ...changes}), SILENT)
  }
  const weights = async (path: string, name: string): Promise<number[]> => {
    const {model, close} = await openModel(path)
    const value = model.graph.constants().find((constant) => constant.name === name)
    const numbers = [...readFloat32(value?.constant as Tensor)]
    close()
    return numbers
  }

  it('trains on labels, and keeps zeros zero and frozen weights as they are', async () => {
    const model = writeSparse(folder)
    const result = await run(model, 'trained.onnx', {freeze: [/^b2$/]})
    finetuneResult.strict().parse(JSON.parse(JSON.stringify(result)))
    expect(result.metric.after).to.be.above(result.metric.before)
    expect(result.metric.teacher).to.equal(null)
    expect(result.skipped).to.deep.include({node: 'b2', op: 'weight', reason: 'frozen as asked'})
    const [before, after] = [await weights(model, 'w1'), await weights(result.output.path, 'w1')]
    expect(after.map((value) => value === 0)).to.deep.equal(before.map((value) => value === 0))
    expect(after).not.to.deep.equal(before)
    expect(await weights(result.output.path, 'b2')).to.deep.equal(await weights(model, 'b2'))
  })

  it('keeps the start where no epoch is better, and ends when patience is over', async () => {
    const model = writeNet(folder, 'good.onnx', {hidden: 16, seed: 5})
    const good = await run(model, 'better.onnx', {verify: false})
    const worse = {learningRate: 5, patience: 2, optimizer: 'sgd', verify: false, epochs: 9} as const
    const result = await run(good.output.path, 'kept.onnx', worse)
    expect(result.bestEpoch).to.equal(0)
    expect(result.history).to.have.length.at.most(2)
    expect(result.warnings.map(({code}) => code)).to.include(result.stopped === null ? 'NO_GAIN' : 'DIVERGED')
    expect(await weights(result.output.path, 'w1')).to.deep.equal(await weights(good.output.path, 'w1'))
  })

  it('goes by its own loss where all decisions are right already', async () => {
    const teacher = writeNet(folder, 'sure.onnx', {seed: 5})
    const before = await weights(teacher, 'w2')
    // the same decisions by scores that are half as large
    const student = writeNet(folder, 'half.onnx', {
      seed: 5,
      end: (build, y) => build.output(build.op('Mul', [y, build.scalar(0.5)])),
    })
    const data = pointData(folder, 'unlabelled-head.npz')
    const options = {
      data,
      eval: undefined,
      teacher,
      freeze: [/^w1$/, /^b1$/],
      learningRate: 'auto',
      epochs: 20,
    } as const
    const result = await run(student, 'whole.onnx', options)
    expect(result.metric).to.include({name: 'agreement', before: 1, after: 1})
    expect(result.bestEpoch).to.be.above(0)
    expect(result.warnings.map(({code}) => code)).not.to.include('NO_GAIN')
    const losses = result.history.map(({heldOutLoss = Number.NaN}) => heldOutLoss)
    expect(losses[result.bestEpoch - 1]).to.equal(Math.min(...losses.filter(Number.isFinite)))
    const ratios = (await weights(result.output.path, 'w2')).map((weight, index) => weight / (before[index] as number))
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).to.be.above(1.2)
  })

  it('lets biases that are zero move, and parts shared ones only where they did', async () => {
    const model = folder.write('shared.onnx', encodeModel(sharedBias()))
    const trained = await run(model, 'parted.onnx', {verify: false})
    expect(await weights(trained.output.path, 'b')).not.to.deep.equal(new Array(4).fill(0))
    expect(await biasesOf(trained.output.path)).to.equal(3)
    const kept = await run(model, 'tied.onnx', {learningRate: 1e-30, epochs: 1, optimizer: 'sgd', verify: false})
    expect(kept.bestEpoch).to.equal(0)
    expect(await biasesOf(kept.output.path)).to.equal(1)
  })

  it('says how many samples an update sees where the model takes batches of its own', async () => {
    const model = folder.write('eight.onnx', encodeModel(sharedBias(8)))
    const result = await run(model, 'eight-trained.onnx', {batch: 20, epochs: 1, verify: false})
    const messages = result.warnings.map(({message}) => message)
    expect(messages).to.include('the model takes batches of 8 alone: an update sees 24 samples, not 20')
    expect(new Set(messages).size).to.equal(messages.length)
  })

  it('names the range of a sigmoid and the file of the labels', async () => {
    const end = (build: GraphBuilder, y: Value) => void build.output(build.op('Sigmoid', [y]))
    const model = writeNet(folder, 'sigmoid.onnx', {outputs: 1, end})
    const [fine, wide] = [points(1).labels.map((label) => label % 2), points(1).labels]
    const sets = [pointData(folder, 'fine.npz', {label: fine}), pointData(folder, 'wide.npz', {label: wide})]
    for (const [learn, judge] of [sets, [...sets].reverse()] as const) {
      const error = await run(model, 'never.onnx', {data: learn, eval: judge}).catch((caught: unknown) => caught)
      expect(error).to.be.instanceOf(DataError)
      expect((error as DataError).message).to.match(/wide.npz: expected labels 0 and 1, got 2/)
      expect((error as DataError).hint).to.match(/sigmoid: give 0 for no and 1 for yes/)
    }
  })

  it('leaves the running statistics of BatchNormalization alone, or keeps them up with the batches', async () => {
    const model = folder.write('normal.onnx', encodeModel(normalizedNet()))
    const options = {epochs: 2, verify: false}
    const running = await run(model, 'running.onnx', {...options, batchNorm: 'running'})
    expect(await weights(running.output.path, 'mean')).to.deep.equal(await weights(model, 'mean'))
    const batch = await run(model, 'batch.onnx', options)
    expect(await weights(batch.output.path, 'mean')).not.to.deep.equal(await weights(model, 'mean'))
    expect(await weights(batch.output.path, 'scale')).not.to.deep.equal(await weights(model, 'scale'))
  })

  it('does not trust the statistics of a few samples', async () => {
    const model = folder.write('few.onnx', encodeModel(normalizedNet()))
    const few = await run(model, 'few-trained.onnx', {epochs: 1, verify: false, batch: 8})
    expect(await weights(few.output.path, 'mean')).to.deep.equal(await weights(model, 'mean'))
  })

  it('trains numbers by their squares', async () => {
    const labels = points(1).labels.map((label) => label / 3 - 0.4)
    const numbers = pointData(folder, 'numbers.npz', {label: labels})
    const model = writeNet(folder, 'number.onnx', {outputs: 1})
    const result = await run(model, 'number-trained.onnx', {data: numbers, eval: numbers, verify: false})
    expect(result.losses).to.deep.equal(["mse of 'scores'"])
    expect(result.metric.name).to.equal('rmse')
    expect(result.bestEpoch).to.be.above(0)
  })

  it('refuses, before anything is trained, what cannot be', async () => {
    const model = writeNet(folder, 'net.onnx')
    const {x, labels} = points(1)
    const broken = folder.npz('nan.npz', {
      x: npyOf(
        x.map((value, index) => (index === 402 ? Number.NaN : value)),
        [SAMPLES, 4],
      ),
      label: npyOf(Float32Array.from(labels), [SAMPLES]),
    })
    const end = (type: string) => ({end: (build: GraphBuilder, y: Value) => void build.output(build.op(type, [y]))})
    const made = (type: string) => writeNet(folder, `${type}.onnx`, end(type))
    const checkpoint = folder.write('old.checkpoint', 'mopt checkpoint 2\nand what follows')
    const other = folder.write('other.checkpoint', 'something')
    for (const [path, changes, kind, text] of [
      [model, {data: undefined}, UsageError, /expected samples to learn from/],
      [model, {data: pointData(folder, 'plain.npz')}, UsageError, /neither labels nor a teacher/],
      [model, {data: broken}, DataError, /sample 100.*NaN/],
      [model, {batch: 500}, DataError, /expected at least 500 samples, one batch, got 120/],
      [model, {learningRate: 0}, UsageError, /learning rate/],
      [model, {checkpoint}, FileError, /a training was put aside here/],
      [model, {checkpoint: other, force: true}, FileError, /expected a checkpoint of mopt or no file yet/],
      [model, {checkpoint: model, force: true}, FileError, /is the input, which is never overwritten/],
      [model, {checkpoint: join(folder.path, 'none', 'c')}, FileError, /its folder does not exist/],
      [model, {checkpoint: join(folder.path, 'never.onnx')}, UsageError, /expected a file of its own/],
      [model, {output: data, force: true}, FileError, /is the input, which is never overwritten/],
      [model, {features: ['a:b']}, UsageError, /--feature: expected a teacher/],
      [model, {learningRate: 1e30}, UsageError, /^the loss became .* training stopped/],
      [made('ArgMax'), {}, UnsupportedError, /expected scores or numbers, got int64, made by ArgMax/],
      [made('Hardmax'), {}, UnsupportedOpError, /Hardmax .*: no gradient rule.*needs it \(/],
    ] as const) {
      const error = await run(path, 'never.onnx', changes as Flat<FinetuneOptions>).catch((caught: unknown) => caught)
      expect(error, `${text}: ${error}`).to.be.instanceOf(kind)
      expect((error as Error).message).to.match(text)
    }
  })

  it('refuses probabilities that no softmax makes as scores', async () => {
    const masked = writeNet(folder, 'masked.onnx', {
      end: (build, y) => build.output(build.op('Mul', [build.op('Softmax', [y]), build.floats([1, 1, 1], [3])])),
    })
    const error = await run(masked, 'never.onnx').catch((caught: unknown) => caught)
    expect(error).to.be.instanceOf(UnsupportedError)
    expect((error as Error).message).to.match(/probabilities that no Softmax makes/)
  })

  /** Every second weight of the first layer is zero. */
  function writeSparse(place: DataFolder): string {
    const path = writeNet(place, 'dense.onnx')
    const bytes = readFileSync(path)
    const values = Float32Array.from(randomFloats(32, 2, Math.sqrt(3 / 4)))
    const at = bytes.indexOf(Buffer.from(values.buffer))
    expect(at).to.be.above(0)
    for (let index = 0; index < 32; index += 2) bytes.writeFloatLE(0, at + 4 * index)
    return place.write('sparse.onnx', bytes)
  }
})

function normalizedNet() {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const x = build.input('x', ['N', 4])
  const hidden = build.op('MatMul', [x, build.floats(randomFloats(24, 3, 0.8), [4, 6], 'w1')])
  const vectors = [1, 0, 0.2, 0.5].map((value, index) => {
    return build.floats(new Float32Array(6).fill(value), [6], ['scale', 'bias', 'mean', 'variance'][index] ?? '')
  })
  const normal = build.op('Relu', [build.op('BatchNormalization', [hidden, ...vectors])])
  build.output(build.op('MatMul', [normal, build.floats(randomFloats(18, 4, 0.8), [6, 3], 'w2')], {}, {outputs: ['y']}))
  return emptyModel(graph)
}

async function biasesOf(path: string): Promise<number> {
  const {model, close} = await openModel(path)
  const biases = new Set(model.graph.nodes().flatMap(({opType, inputs}) => (opType === 'Gemm' ? [inputs[2]] : [])))
  close()
  return biases.size
}

/** Three layers whose biases are one constant of zeros. */
function sharedBias(batch: number | string = 'N'): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const bias = build.floats([0, 0, 0, 0], [4], 'b')
  let x = build.input('x', [batch, 4])
  for (const seed of [1, 2, 3]) x = build.op('Gemm', [x, build.floats(randomFloats(16, seed, 1), [4, 4]), bias])
  build.output(x)
  const model = emptyModel(graph)
  inferModel(model)
  return model
}
