import {join} from 'node:path'
import {expect} from 'chai'
import {UnsupportedOpError} from '../../src/errors.js'
import {openModel} from '../../src/io/open-model.js'
import {writeModel} from '../../src/io/write-model.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import type {QuantizeOptions} from '../../src/options/quantize.js'
import type {FinetuneOptions} from '../../src/options/training.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {finetune} from '../../src/pipelines/train/finetune.js'
import {trainModel} from '../../src/pipelines/train/train-model.js'
import {DataFolder} from '../support/data-folder.js'
import {type Flat, IMAGE_DATA, quantizeOptions, SILENT, trainingOptions} from '../support/pipeline-options.js'

const {limit: _limit, ...IMAGES} = IMAGE_DATA

describe('finetune of quantized models', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  /** Quantizes a model of the fixtures, trains it, and looks at both files. */
  async function trained(model: string, options: Flat<QuantizeOptions>, training: Flat<FinetuneOptions> = {}) {
    const [before, after] = [join(folder.path, `${model}.q.onnx`), join(folder.path, `${model}.t.onnx`)]
    const source = `fixtures/models/${model}.onnx`
    await quantize(source, quantizeOptions({...options, output: before, force: true, verify: false}), SILENT)
    const samples = {...IMAGES, limit: 200, evalLimit: 200, batch: 20}
    // a metric that the smallest change for the better moves
    const shared = {...samples, output: after, force: true, epochs: 2, learningRate: 1e-3, metric: 'cross-entropy'}
    const result = await finetune(before, trainingOptions({...shared, ...training}), SILENT)
    return {result, before: await partsOf(before), after: await partsOf(after)}
  }

  it('writes back blocks of 4 bits that answer better than those before', async () => {
    // on the grids that training rounds to
    const coarse = {mode: 'weights', weights: 'int4', blockSize: 256, rounding: 'nearest'} as const
    const {result, before, after} = await trained('mlp_fm', coarse)
    expect(after.nodes).to.deep.equal(before.nodes)
    // trained scales are floats: halves could not take the small steps
    const widened = new Map([...before.types].map(([name, type]) => [name, type === 'float16' ? 'float32' : type]))
    expect(after.types).to.deep.equal(widened)
    expect([...after.types.values()].filter((type) => type === 'int4')).to.have.length(3)
    expect(movedBetween(before, after)).to.include.members(['1.weight_q', '1.weight_s', '1.bias'])
    expect(result.metric.after).to.be.below(result.metric.before)
    expect(result.bestEpoch).to.be.above(0)
  })

  it('leaves integers as they are where no epoch was better than the start', async () => {
    const coarse = {mode: 'weights', weights: 'int4', blockSize: 256} as const
    const {result, before, after} = await trained('mlp_fm', coarse, {learningRate: 1})
    expect(result.bestEpoch).to.equal(0)
    expect(movedBetween(before, after)).to.deep.equal([])
    expect(result.metric.after).to.be.closeTo(result.metric.before, 1e-6)
  })

  it('writes back static int8 with its biases, and leaves the ranges of activations as they were', async () => {
    const {data, preprocess} = IMAGES
    const path = join(folder.path, 'static.onnx')
    const options = {data, preprocess, limit: 32, output: path, verify: false}
    await quantize('fixtures/models/resnet8_fm_bn.onnx', quantizeOptions(options), SILENT)
    const before = await partsOf(path)
    const {model} = await openModel(path)
    inferModel(model)
    // without a judge the last weights are the result
    const learn = {path: data, preprocess, limit: 40, seed: 0}
    const training = trainingOptions({batch: 10, epochs: 1, learningRate: 1e-3})
    await trainModel({path, model, learn, judge: undefined, teacher: undefined, options: training}, SILENT)
    const written = join(folder.path, 'trained.onnx')
    await writeModel(model, written, {force: true, externalData: 'never'})
    const after = await partsOf(written)
    expect(after.nodes).to.deep.equal(before.nodes)
    expect(after.types).to.deep.equal(before.types)
    const moved = movedBetween(before, after)
    const types = new Set(moved.map((name) => after.types.get(name)))
    expect([...types]).to.have.members(['int8', 'int32', 'float32'])
    // scalars are those of activations: weights have a scale per channel
    expect(moved.filter((name) => after.ranks.get(name) === 0)).to.deep.equal([])
  })

  it('learns from the float model without labels', async () => {
    const {result} = await trained(
      'mlp_fm',
      {mode: 'dynamic'},
      {teacher: 'fixtures/models/mlp_fm.onnx', alpha: 1, metric: 'agreement', epochs: 1, verify: false},
    )
    expect(result.losses).to.deep.equal(["distillation of 'logits', temperature 4"])
    expect(result.skipped).to.deep.equal([])
  })

  it('refuses a form that only runs, and says which to choose', async () => {
    const options = {mode: 'weights', weights: 'int4', format: 'ort'} as const
    const error = await trained('mlp_fm', options).catch((one: unknown) => one)
    expect(error).to.be.instanceOf(UnsupportedOpError)
    expect((error as Error).message).to.match(/^MatMulNBits .*quantize the float model as QDQ or with --mode weights/)
  })
})

interface Parts {
  readonly nodes: readonly string[]
  readonly types: ReadonlyMap<string, string>
  readonly ranks: ReadonlyMap<string, number>
  readonly contents: ReadonlyMap<string, string>
}

/** All that a file holds, in a form that compares. */
async function partsOf(path: string): Promise<Parts> {
  const {model, close} = await openModel(path)
  const constants = model.graph.constants().flatMap(({name, constant}) => (constant ? [{name, constant}] : []))
  const parts = {
    nodes: model.graph.nodes().map(({opType, name}) => `${opType} ${name}`),
    types: new Map(constants.map(({name, constant}) => [name, constant.dtype])),
    ranks: new Map(constants.map(({name, constant}) => [name, constant.shape.length])),
    contents: new Map(constants.map(({name, constant}) => [name, Array.from(constant.read() as Int8Array).join()])),
  }
  close()
  return parts
}

function movedBetween(before: Parts, after: Parts): string[] {
  return [...after.contents].filter(([name, text]) => before.contents.get(name) !== text).map(([name]) => name)
}
