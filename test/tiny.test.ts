import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {portsOf} from '../src/data/model-ports.js'
import {openData} from '../src/data/open-data.js'
import {encodeModel} from '../src/io/encode-model.js'
import {openModel} from '../src/io/open-model.js'
import type {Model} from '../src/ir/model.js'
import type {Node} from '../src/ir/node.js'
import {verify} from '../src/ir/verify.js'
import {top1} from '../src/metrics/top1.js'
import {inferModel, macsOf, opsetOf} from '../src/ops/infer-graph.js'
import {lookup} from '../src/ops/registry.js'
import {pruneMagnitude} from '../src/passes/prune/magnitude.js'
import type {Range} from '../src/passes/quantize/static/activation-scale.js'
import {quantizeGraph} from '../src/pipelines/quantize/quantize-model.js'
import {PASS_DEFAULTS} from './support/pipeline-options.js'
import {type Results, runGraph} from './support/run-graph.js'

/** A residual network with its BatchNormalization nodes, and images it never saw. */
const MODEL = 'fixtures/models/resnet8_fm_bn.onnx'
const IMAGES = {
  path: 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz',
  preprocess: {mean: [0.286], std: [0.353]},
  seed: 0,
  limit: 100,
}

/** A walk through the house on one model: data, io, ops, passes, metrics, and ONNX Runtime as the judge. */
describe('mopt on one small model', () => {
  let images: OrtTensor
  let labels: Float64Array
  let dense: Awaited<ReturnType<typeof openModel>>
  let expected: Results

  before(async () => {
    dense = await openModel(MODEL)
    const data = await openData(IMAGES, portsOf(dense.model))
    for await (const {inputs} of data.batches(100)) {
      images = new OrtTensor('float32', inputs.input?.data as Float32Array, inputs.input?.shape)
    }
    labels = data.labels as Float64Array
    expected = await runGraph(dense.model, {input: images})
  })
  after(() => dense.close())

  it('reads a file into a graph and knows its shapes', () => {
    inferModel(dense.model)
    expect(verify(dense.model.graph)).to.deep.equal([])
    expect(dense.model.graph.outputs[0]?.type).to.deep.include({dtype: 'float32', shape: ['batch', 10]})
    expect(macsOf(dense.model)).to.equal(undefined, 'the batch is free')
    expect(accuracy(expected)).to.be.above(0.85)
  })

  it('quantizes: a third of the bytes, integer kernels, the same answers', async () => {
    const {model, close} = await openModel(MODEL)
    inferModel(model)
    const sizeOf = () => undefined
    const options = {...PASS_DEFAULTS, mode: 'static', perChannel: true, peak: 127, sizeOf} as const
    const report = await quantizeGraph(model, {...options, calibrate: rangesOf})

    expect(verify(model.graph)).to.deep.equal([])
    expect(report.changed.filter(({rule}) => rule === 'fold-into-weights')).to.have.length(9)
    expect(report.changed.filter(({rule}) => rule === 'static')).to.have.length(9)
    expect(encodeModel(model).length / dense.sizeBytes).to.be.below(1 / 3)

    const quantized = await runGraph(model, {input: images}, 'all')
    // at most one of 100 images answered otherwise
    expect(accuracy(quantized)).to.be.closeTo(accuracy(expected), 1 / 100 + 1e-9)
    close()
  })

  it('prunes: exactly the share that was asked for is zero, the shapes stay', async () => {
    const {model, close} = await openModel(MODEL)
    const specOf = (node: Node) => lookup(node, opsetOf(node, model))
    await pruneMagnitude({specOf, sparsity: 0.3, scope: 'global'}).run(model.graph)

    expect(shareOfZeros(model)).to.be.closeTo(0.3, 1e-4)
    const pruned = await runGraph(model, {input: images})
    expect(accuracy(pruned)).to.be.closeTo(accuracy(expected), 0.03)
    close()
  })

  function accuracy({logits}: Results): number {
    return top1.compute(Float32Array.from(logits?.data ?? [], Number), [...(logits?.dims ?? [])], labels).value
  }

  /** What calibration does, here with ONNX Runtime in this process: every wanted tensor becomes an output. */
  async function rangesOf(tensors: readonly string[]): Promise<Map<string, Range>> {
    const {model, close} = await openModel(MODEL)
    for (const value of model.graph.nodes().flatMap(({outputs}) => outputs)) {
      if (value && tensors.includes(value.name) && !value.isOutput) model.graph.addOutput(value)
    }
    const results = await runGraph(model, {input: images})
    close()
    return new Map(tensors.map((name) => [name, rangeOf(name === 'input' ? images.data : results[name]?.data)]))
  }
})

function rangeOf(data: ArrayLike<unknown> = []): Range {
  const values = Array.from(data, Number)
  return {min: values.reduce((a, b) => Math.min(a, b), 0), max: values.reduce((a, b) => Math.max(a, b), 0)}
}

function shareOfZeros({graph}: Model): number {
  const weights = graph.constants().filter(({constant}) => (constant?.shape.length ?? 0) > 1)
  const values = weights.flatMap(({constant}) => Array.from(constant?.read() as Float32Array))
  return values.filter((value) => value === 0).length / values.length
}
