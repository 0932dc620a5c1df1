import {join} from 'node:path'
import {expect} from 'chai'
import {openData} from '../../src/data/open-data.js'
import {openModel} from '../../src/io/open-model.js'
import {readFloat32, type Tensor} from '../../src/ir/tensor.js'
import type {PruneOptions} from '../../src/options/prune.js'
import {prune} from '../../src/pipelines/prune/prune.js'
import {pruneResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {npyOf} from '../support/npy-writer.js'
import {type Flat, IMAGE_DATA, pruneOptions, SILENT} from '../support/pipeline-options.js'

const MODEL = 'fixtures/models/mlp_fm.onnx'
const {data, eval: judged, preprocess} = IMAGE_DATA
const WEIGHTS = 200_704 + 32_768 + 1280

const RECOVERY = {epochs: 3, temperature: 4, pace: 'cubic', learningRate: 1e-3} as const

describe('pruneTrained', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  const run = (name: string, recovery: Flat<PruneOptions> = {}, options: Flat<PruneOptions> = {}) => {
    const output = join(folder.path, name)
    const shared = {output, data, eval: judged, preprocess, batch: 32, sparsity: 0.9}
    return prune(MODEL, pruneOptions({...shared, ...RECOVERY, ...recovery, ...options}), SILENT)
  }

  it('leaves exactly as many zeros as asked for, and wins back what they cost', async () => {
    const result = await run('cubic.onnx')
    pruneResult.strict().parse(JSON.parse(JSON.stringify(result)))
    expect(result.sparsity).to.equal(Math.round(0.9 * WEIGHTS) / WEIGHTS)
    expect(await zerosOf(result.output.path)).to.equal(Math.round(0.9 * WEIGHTS))
    const once = await prune(
      MODEL,
      pruneOptions({output: join(folder.path, 'once.onnx'), eval: judged, preprocess, sparsity: 0.9}),
      SILENT,
    )
    // 500 images three times over against none
    expect(result.metric?.after).to.be.above((once.metric?.after ?? 1) + 0.1)
    expect(result.training?.history).to.have.length(3)
    expect(result.training?.losses).to.deep.equal(["cross-entropy of 'logits'"])
    expect(result.training?.teacher).to.equal(null)
  })

  it('keeps an epoch with all its zeros, however much better the dense model was', async () => {
    const result = await run('short.onnx', {epochs: 1}, {verify: false})
    expect(result.training?.bestEpoch).to.equal(1)
  })

  it('can zero all of them before the training, or the same share of every layer', async () => {
    const result = await run('layers.onnx', {pace: 'oneshot', epochs: 1}, {scope: 'layer', verify: false})
    for (const {sparsity, parameters} of result.groups) expect(sparsity).to.be.closeTo(0.9, 0.5 / parameters)
    expect(result.training?.bestEpoch).to.equal(1)
  })

  it('learns from the dense model where there are no labels', async () => {
    const images = await rowsOf(64)
    const unlabelled = folder.write('images.npy', npyOf(images, [64, 1, 28, 28]))
    const result = await run(
      'taught.onnx',
      {epochs: 1},
      {data: unlabelled, eval: undefined, preprocess: {}, batch: 16, verify: false},
    )
    expect(result.training?.teacher?.path).to.equal(MODEL)
    expect(result.training?.losses).to.deep.equal(["distillation of 'logits', temperature 4"])
  })

  it('neither prunes nor trains what is frozen', async () => {
    const result = await run('frozen.onnx', {freeze: [/^1\.weight$/], epochs: 1}, {verify: false})
    expect(result.groups.map(({weight}) => weight)).to.deep.equal(['3.weight', '5.weight'])
    expect(result.groups.reduce((sum, group) => sum + group.sparsity * group.parameters, 0)).to.be.closeTo(
      Math.round(0.9 * (32_768 + 1280)),
      1e-6,
    )
    expect(await weightOf(result.output.path, '1.weight')).to.deep.equal(await weightOf(MODEL, '1.weight'))
  })
})

async function zerosOf(path: string): Promise<number> {
  const {model, close} = await openModel(path)
  const matrices = model.graph.constants().filter(({constant}) => constant?.shape.length === 2)
  const zeros = matrices.map(({constant}) => readFloat32(constant as Tensor).filter((weight) => weight === 0).length)
  close()
  return zeros.reduce((sum, count) => sum + count, 0)
}

async function weightOf(path: string, name: string): Promise<number[]> {
  const {model, close} = await openModel(path)
  const value = model.graph.constants().find((one) => one.name === name)
  const numbers = [...readFloat32(value?.constant as Tensor)]
  close()
  return numbers
}

/** Images of the fixtures as the model takes them. */
async function rowsOf(count: number): Promise<Float32Array> {
  const port = {name: 'input', dtype: 'float32', shape: ['N', 1, 28, 28]} as const
  const dataset = await openData({path: data, preprocess, limit: count, seed: 0}, [port])
  for await (const {inputs} of dataset.batches(count)) return inputs.input?.data as Float32Array
  throw new Error('no images')
}
