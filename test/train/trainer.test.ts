import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import type {DataSpec} from '../../src/data/dataset.js'
import {DataError, FileError, InterruptedError, UsageError} from '../../src/errors.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel, type Model} from '../../src/ir/model.js'
import type {UpdateSpec} from '../../src/train/loop/train-request.js'
import type {TrainOptions} from '../../src/train/train-options.js'
import {type TrainControl, type TrainResult, train} from '../../src/train/trainer.js'
import {npyOf} from '../support/npy-writer.js'

const SAMPLES = 8
const INPUTS = 3
const HIDDEN = 4
const CLASSES = 2
const SIDE = 8

/*
 * References from PyTorch 1.13, with X[i][j] = ((7i + 3j) % 11 - 5) / 5, y[i] = i % 2 and the weights of `smallNet`:
 *   h = relu(X @ W1.T + b1); loss = F.cross_entropy(h @ W2.T + b2, y), all samples in every step, weight_decay=0 for biases
 */
const ADAMW = [0.7090672, 0.6868539, 0.6690552, 0.66036, 0.658062, 0.6570266]
const ADAMW_W2 = [0.2246222, -0.05113598, 0.7124659, 0.2977272, -0.386351, -0.7575077, 0.0961778, -0.1359983]
const ADAMW_B2 = [-0.1604151, 0.06041512]
const MOMENTUM = [0.7090672, 0.6971101, 0.6844651, 0.6802727, 0.6827319, 0.6830066]
const MOMENTUM_W2 = [0.06095963, -0.2547056, 0.7940395, 0.1344445, -0.2276263, -0.5786276, 0.03929375, 0.03222214]

/* The same with torch.nn.BatchNorm1d behind the first layer and SGD(lr=.2, momentum=.9) */
const NORMALIZED = [0.6829556, 0.6770928, 0.6684197, 0.6603809, 0.6548365, 0.6513235]
const RUNNING_MEAN = [-0.04468159, -0.187285, 0.04813345, 0.02364554]
const RUNNING_VARIANCE = [0.6184359, 0.6507906, 0.6401774, 0.5904403]
const NORMALIZED_SCALE = [1.007153, 1.048877, 1.025645, 0.9964147]

describe('train', () => {
  let folder: string

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mopt-train-'))
    const rows = Array.from({length: SAMPLES * INPUTS}, (_, at) => {
      return (((7 * Math.floor(at / INPUTS) + 3 * (at % INPUTS)) % 11) - 5) / 5
    })
    writeFileSync(join(folder, 'x.npy'), npyOf(Float32Array.from(rows), [SAMPLES, INPUTS]))
    const pixels = Float32Array.from(pattern(SAMPLES * SIDE * SIDE, 2, 3))
    writeFileSync(join(folder, 'images.npy'), npyOf(pixels, [SAMPLES, 1, SIDE, SIDE]))
    const labels = Int32Array.from({length: SAMPLES}, (_, at) => at % 2)
    writeFileSync(join(folder, 'y.npy'), npyOf(labels, [SAMPLES]))
    writeFileSync(
      join(folder, 'wrong.npy'),
      npyOf(
        labels.map((label) => label * 2),
        [SAMPLES],
      ),
    )
  })

  after(() => rmSync(folder, {recursive: true}))

  it('gives the losses and weights of PyTorch with AdamW, step by step', async () => {
    const result = await run({optimizer: {kind: 'adamw', weightDecay: 0.1}, rate: 0.05})
    expectClose(result.firstLosses, ADAMW, 2e-6)
    expectClose(result.weights.get('w2'), ADAMW_W2, 5e-6)
    expectClose(result.weights.get('b2'), ADAMW_B2, 5e-6)
  })

  it('gives the losses and weights of PyTorch with momentum', async () => {
    const result = await run({optimizer: {kind: 'sgd', momentum: 0.9}, rate: 0.5})
    expectClose(result.firstLosses, MOMENTUM, 2e-6)
    expectClose(result.weights.get('w2'), MOMENTUM_W2, 5e-6)
  })

  it('normalizes by the batch and keeps running statistics as PyTorch does, where that is asked for', async () => {
    const model = smallNet({normalized: true})
    const result = await run({optimizer: {kind: 'sgd', momentum: 0.9}, rate: 0.2}, {batchStatistics: true}, {}, model)
    expectClose(result.firstLosses, NORMALIZED, 2e-6)
    expectClose(result.weights.get('mean'), RUNNING_MEAN, 2e-6)
    expectClose(result.weights.get('variance'), RUNNING_VARIANCE, 2e-6)
    expectClose(result.weights.get('scale'), NORMALIZED_SCALE, 5e-6)
  })

  it('takes as one large batch what it collects from small ones', async () => {
    const whole = await run({optimizer: {kind: 'adamw'}, rate: 0.05})
    const collected = await run({optimizer: {kind: 'adamw'}, rate: 0.05, accumulate: 4}, {batch: 2})
    expect(collected.steps).to.equal(whole.steps)
    expectClose(collected.firstLosses, whole.firstLosses, 2e-6)
    expectClose(collected.weights.get('w1'), whole.weights.get('w1') ?? [], 1e-5)
  })

  for (const optimizer of [
    {kind: 'sgd', weightDecay: 0.1},
    {kind: 'sgd', momentum: 0.9, nesterov: true},
    {kind: 'adam'},
    {kind: 'adamw'},
  ] as const) {
    it(`goes the same way with several updates per run: ${JSON.stringify(optimizer)}`, async () => {
      const update = {optimizer, rate: 0.05, schedule: 'cosine'} as const
      const one = await run(update, {batch: 2, epochs: 5, updatesPerRun: 1})
      // 4 updates per epoch: 3 and 1
      const several = await run(update, {batch: 2, epochs: 5, updatesPerRun: 3})
      expect(several.steps).to.equal(20)
      expectClose(several.firstLosses, one.firstLosses, 1e-6)
      for (const [name, weight] of one.weights) expectClose(several.weights.get(name), weight, 2e-6)
      expect(several.epochs.map(({learningRate}) => learningRate)).to.deep.equal(
        one.epochs.map(({learningRate}) => learningRate),
      )
    })
  }

  for (const updatesPerRun of [1, 3])
    it(`goes on after an interruption as if there had been none, with ${updatesPerRun} updates per run`, async () => {
      const options = {batch: 2, epochs: 4, updatesPerRun}
      const update = {optimizer: {kind: 'adam'}, rate: 0.02, schedule: 'cosine'} as const
      const whole = await run(update, options)
      const checkpoint = {path: join(folder, 'interrupted.ckpt'), everySteps: 1}
      const abort = new AbortController()
      const onStep = (done: number): void => {
        if (done >= 6) abort.abort()
      }
      const interrupted = run(update, {...options, checkpoint}, {signal: abort.signal, onStep})
      expect(await interrupted.catch((error: unknown) => error)).to.be.instanceOf(InterruptedError)
      const resumed = await run(update, {...options, checkpoint: {...checkpoint, resume: true}})
      expect(resumed.firstLosses).to.deep.equal(whole.firstLosses)
      expect(resumed.steps).to.equal(16)
      expect([...resumed.weights]).to.deep.equal([...whole.weights])
      expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).to.deep.equal([])
    })

  it('draws the same changes of images after an interruption, and others in every epoch', async () => {
    const options = {batch: 2, epochs: 3, augment: ['flip', 'shift', 'crop'] as const, data: images()}
    const update = {optimizer: {kind: 'adam'}, rate: 0.02} as const
    const whole = await run(update, options, {}, imageNet())
    const plain = await run(update, {...options, augment: []}, {}, imageNet())
    expect(whole.firstLosses).not.to.deep.equal(plain.firstLosses)
    const checkpoint = {path: join(folder, 'augmented.ckpt'), everySteps: 1}
    const abort = new AbortController()
    const onStep = (done: number): void => {
      if (done >= 5) abort.abort()
    }
    const interrupted = run(update, {...options, checkpoint}, {signal: abort.signal, onStep}, imageNet())
    expect(await interrupted.catch((error: unknown) => error)).to.be.instanceOf(InterruptedError)
    const resumed = await run(update, {...options, checkpoint: {...checkpoint, resume: true}}, {}, imageNet())
    expect([...resumed.weights]).to.deep.equal([...whole.weights])
  })

  it('refuses to augment what is no image', async () => {
    const refused = await failure(run({optimizer: {kind: 'sgd'}, rate: 0.1}, {augment: ['flip']}))
    expect(refused).to.be.instanceOf(UsageError)
    expect(refused.message).to.include('expected images to augment')
  })

  it('refuses the checkpoint of another training, and what is none', async () => {
    const path = join(folder, 'other.ckpt')
    const update = {optimizer: {kind: 'adam'}, rate: 0.02} as const
    await run(update, {checkpoint: {path}, epochs: 1})
    const other = await failure(run(update, {checkpoint: {path, resume: true}, epochs: 1, seed: 9}))
    expect(other).to.be.instanceOf(UsageError)
    const bytes = readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3)
    writeFileSync(path, bytes)
    const flipped = await failure(run(update, {checkpoint: {path, resume: true}, epochs: 1}))
    expect(flipped).to.be.instanceOf(FileError)
    writeFileSync(path, 'something else\n')
    const damaged = await failure(run(update, {checkpoint: {path, resume: true}, epochs: 1}))
    expect(damaged).to.be.instanceOf(FileError)
  })

  for (const updatesPerRun of [1, 50])
    it(`stops when the loss is no number any more, and keeps the best weights, with ${updatesPerRun} updates per run`, async () => {
      const result = await run({optimizer: {kind: 'sgd'}, rate: 1e30}, {batch: 2, epochs: 3, updatesPerRun})
      expect(result.stopped).to.match(/^the loss became .* at step [23] \(epoch 1\), .* training stopped/)
      expect(result.bestEpoch).to.equal(0)
      expect([...(result.weights.get('w2') ?? [])]).to.deep.equal([...Float32Array.from(pattern(8, 3, 6))])
    })

  it('keeps zeros at zero, and what is frozen as it was', async () => {
    const model = smallNet()
    const result = await run(
      {optimizer: {kind: 'adamw'}, rate: 0.1, keepZeros: true},
      {isFrozen: (name) => name === 'b1'},
      {},
      model,
    )
    expect([...result.weights.keys()]).to.have.members(['w1', 'w2', 'b2'])
    expect(result.frozen).to.deep.equal([{name: 'b1', reason: 'frozen as asked'}])
    const [before, after] = [pattern(12, 1, 6), result.weights.get('w1') ?? new Float32Array()]
    expect(before).to.include(0)
    before.forEach((value, index) => {
      if (value === 0) expect(after[index]).to.equal(0)
      else expect(after[index]).not.to.be.closeTo(value, 1e-3)
    })
  })

  it('judges every epoch on the eval data and keeps the best one', async () => {
    const epochs: number[] = []
    const evaluation = {data: samples(), metric: 'top1', batch: 3}
    const onEpoch = ({metric = Number.NaN}: {metric?: number | undefined}): void => {
      epochs.push(metric)
    }
    const result = await run({optimizer: {kind: 'adam'}, rate: 0.3}, {evaluation, epochs: 5}, {onEpoch})
    expect(result.epochs.map(({metric}) => metric)).to.deep.equal(epochs)
    expect(Math.max(...epochs)).to.be.above(0.6)
    expect(result.bestEpoch).to.equal(epochs.indexOf(Math.max(...epochs)) + 1)
  })

  it('refuses labels that are no class of the model, and a batch larger than the data', async () => {
    const data = {...samples(), labels: join(folder, 'wrong.npy')}
    const wrong = await failure(run({optimizer: {kind: 'adam'}, rate: 0.1}, {data}))
    expect(wrong).to.be.instanceOf(DataError)
    expect(wrong.message).to.include('expected classes 0 to 1 as labels, got 2')
    const large = await failure(run({optimizer: {kind: 'adam'}, rate: 0.1}, {batch: 9}))
    expect(large).to.be.instanceOf(DataError)
  })

  interface Update extends Pick<UpdateSpec, 'optimizer' | 'accumulate' | 'keepZeros'> {
    readonly rate: number
    readonly schedule?: 'cosine'
  }

  function run(
    {rate, schedule, ...update}: Update,
    options: Partial<TrainOptions> = {},
    control: TrainControl = {},
    model: Model = smallNet(),
  ): Promise<TrainResult> {
    return train(
      model,
      {
        name: 'small net',
        settings: {provider: 'cpu', threads: 1},
        data: samples(),
        losses: [{kind: 'cross-entropy'}],
        update: {...update, schedule: {kind: schedule ?? 'constant', learningRate: rate}},
        batch: SAMPLES,
        epochs: 6,
        seed: 1,
        ...options,
      },
      control,
    )
  }

  function images(): DataSpec {
    return {path: join(folder, 'images.npy'), labels: join(folder, 'y.npy'), seed: 0}
  }

  function samples(): DataSpec {
    return {path: join(folder, 'x.npy'), labels: join(folder, 'y.npy'), seed: 0}
  }
})

/** Two Gemm layers with a Relu between them, and a BatchNormalization in front of that. */
function smallNet({normalized = false} = {}): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const x = build.input('x', ['N', INPUTS])
  const [w1, b1] = [build.floats(pattern(12, 1, 6), [HIDDEN, INPUTS], 'w1'), build.floats(pattern(4, 2, 10), [4], 'b1')]
  const [w2, b2] = [build.floats(pattern(8, 3, 6), [CLASSES, HIDDEN], 'w2'), build.floats(pattern(2, 0, 10), [2], 'b2')]
  const first = build.op('Gemm', [x, w1, b1], {transB: 1})
  const vectors = {scale: 1, bias: 0, mean: 0, variance: 1}
  const inputs = Object.entries(vectors).map(([name, value]) => build.floats(Array(HIDDEN).fill(value), [HIDDEN], name))
  const hidden = build.op('Relu', [normalized ? build.op('BatchNormalization', [first, ...inputs]) : first])
  build.output(build.op('Gemm', [hidden, w2, b2], {transB: 1}))
  return emptyModel(graph)
}

/** Flattened images through one Gemm. */
function imageNet(): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const flat = build.op('Flatten', [build.input('x', ['N', 1, SIDE, SIDE])])
  const weights = pattern(CLASSES * SIDE * SIDE, 1, 6)
  build.output(build.op('Gemm', [flat, build.floats(weights, [CLASSES, SIDE * SIDE], 'w')], {transB: 1}))
  return emptyModel(graph)
}

/** ((5i + offset) % 7 - 3) / divisor */
function pattern(length: number, offset: number, divisor: number): number[] {
  return Array.from({length}, (_, index) => (((5 * index + offset) % 7) - 3) / divisor)
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a failure')
}

function expectClose(actual: ArrayLike<number> | undefined, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual?.length).to.equal(expected.length)
  for (let index = 0; index < expected.length; index++) {
    expect(actual?.[index], `element ${index}`).to.be.closeTo(expected[index] as number, tolerance)
  }
}
