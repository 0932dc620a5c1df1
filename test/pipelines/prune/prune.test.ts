import {readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {AttributeProto_AttributeType as Attr} from 'onnx-buf'
import {UnsupportedError} from '../../../src/errors.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import {openModel} from '../../../src/io/open-model.js'
import type {GraphBuilder} from '../../../src/ir/build.js'
import {readFloat32, type Tensor} from '../../../src/ir/tensor.js'
import type {Value} from '../../../src/ir/value.js'
import type {PruneOptions} from '../../../src/options/prune.js'
import {prune} from '../../../src/pipelines/prune/prune.js'
import {quantize} from '../../../src/pipelines/quantize/quantize.js'
import {pruneResult} from '../../../src/results.js'
import {DataFolder} from '../../support/data-folder.js'
import {FLOAT, foreignModel, port} from '../../support/foreign-model.js'
import {modelOf, randomFloats} from '../../support/pass-trial.js'
import {type Flat, IMAGE_DATA, pruneOptions, quantizeOptions, SILENT} from '../../support/pipeline-options.js'

describe('prune', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  const run = (model: string, options: Flat<PruneOptions>) =>
    prune(`fixtures/models/${model}.onnx`, pruneOptions({output: `${folder.path}/`, ...options}), SILENT)

  it('makes 30 % of a model zero, judged on held-out images', async () => {
    const {eval: evalData, preprocess} = IMAGE_DATA
    const result = await run('mlp_fm', {eval: evalData, preprocess})
    pruneResult.strict().parse(JSON.parse(JSON.stringify(result)))
    // 784·256 + 256·128 + 128·10
    const weights = 200_704 + 32_768 + 1280
    expect(result.sparsity).to.equal(Math.round(0.3 * weights) / weights)
    expect(result.groups.map(({parameters}) => parameters)).to.deep.equal([200_704, 32_768, 1280])
    expect(result.parameters.after).to.equal(result.parameters.before)
    // one product per weight at batch 1; zeros are multiplied too
    expect(result.macs).to.deep.equal({before: weights, after: weights})
    expect(statSync(result.output.path).size).to.equal(result.output.sizeBytes)
    const {before = 0, after = 0, samples} = result.metric ?? {}
    expect(samples).to.equal(1000)
    // the shared models lose under half a point at 30 %
    expect(before - (after ?? Number.NaN)).to.be.at.most(0.01)
    // what gzip itself says
    const gzipped = gzipSync(readFileSync(result.output.path), {level: 6}).length
    expect(result.compressedBytes?.after).to.be.closeTo(gzipped, 64)
    expect(result.compressedBytes?.after).to.be.below(0.85 * (result.compressedBytes?.before ?? 0))
  })

  it('refuses a quantized model, whose integers would stay dense', async () => {
    const quantized = join(folder.path, 'quantized.onnx')
    await quantize('fixtures/models/mlp_fm.onnx', quantizeOptions({output: quantized, verify: false}), SILENT)
    const error = await prune(quantized, pruneOptions({output: join(folder.path, 'no.onnx')}), SILENT).catch((e) => e)
    expect(error).to.be.instanceOf(UnsupportedError)
    expect(error.message).to.match(/^expected a float model to prune, got a quantized one: .*int8/)
  })

  it('takes the same share of every layer with scope layer, and leaves excluded ones dense', async () => {
    const output = join(folder.path, 'layers.onnx')
    const {groups, skipped} = await run('cnn_fm', {
      scope: 'layer',
      sparsity: 0.5,
      exclude: [/fc|Gemm/],
      output,
      verify: false,
    })
    for (const {sparsity, parameters} of groups) {
      expect(sparsity).to.be.closeTo(0.5, 1 / parameters)
    }
    expect(skipped.filter(({reason}) => reason.startsWith('excluded'))).to.have.length(2)
    const {model, close} = await openModel(output)
    const dense = model.graph.nodes().filter(({opType}) => opType === 'Gemm')
    for (const {inputs} of dense) {
      const zeros = readFloat32(inputs[1]?.constant as Tensor).filter((value) => value === 0)
      expect(zeros).to.be.empty
    }
    close()
  })

  it('writes the same bytes for the same command', async () => {
    const files = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const output = join(folder.path, `${name}.onnx`)
        await run('resnet8_fm', {output, verify: false})
        return readFileSync(output)
      }),
    )
    expect(files[0]?.equals(files[1] as Buffer)).to.equal(true)
  })

  it('reaches the weights inside of functions, once per call', async () => {
    const path = folder.write('functions.onnx', twoCalls())
    const output = join(folder.path, 'inlined.onnx')
    const result = await prune(path, pruneOptions({output, sparsity: 0.5}), SILENT)
    expect(result.groups.map(({parameters, sparsity}) => [parameters, sparsity])).to.deep.equal([
      [64, 0.5],
      [64, 0.5],
    ])
  })

  it('leaves a depthwise layer of small numbers alive, and with it the answers', async () => {
    const path = 'fixtures/cases/prune-whole-layer/model.onnx'
    const {groups, sparsity, fidelity, warnings} = await prune(path, pruneOptions({output: `${folder.path}/`}), SILENT)
    // 72 + 128 + 160 weights; one threshold for all took every one of the 72
    expect(sparsity).to.equal(108 / 360)
    for (const group of groups) expect(group.sparsity, group.node).to.be.below(0.5)
    expect(fidelity?.sqnrDb).to.be.above(10)
    expect(warnings.map(({code}) => code)).to.not.include('LAYER_NEARLY_EMPTY')
  })

  it('names the layers that are next to nothing', async () => {
    const output = join(folder.path, 'empty.onnx')
    const {warnings} = await run('mlp_fm', {sparsity: 0.96, output, verify: false})
    const empty = warnings.filter(({code}) => code === 'LAYER_NEARLY_EMPTY')
    expect(empty.map(({message}) => message)).to.match(/^more than 95 % of a layer is zero: '.+' \(9\d\.\d %\)/)
  })

  it('leaves a layer dense whose state is fed back, unless it is named', async () => {
    const path = folder.write('stream.onnx', encodeModel(modelOf(writeStream)))
    const dense = await prune(path, pruneOptions({output: join(folder.path, 'stream-1.onnx'), verify: false}), SILENT)
    expect(dense.groups.map(({weight}) => weight)).to.deep.equal(['head'])
    expect(dense.skipped.map(({op, reason}) => [op, reason])).to.deep.include([
      'LSTM',
      'its state is fed back from run to run, where errors add up',
    ])
    expect(dense.warnings.find(({code}) => code === 'STATE_FED_BACK')?.hint).to.equal(
      "--include '.*' prunes them all the same",
    )
    const options = {include: [/^lstm$/], output: join(folder.path, 'stream-2.onnx'), verify: false}
    const all = await prune(path, pruneOptions(options), SILENT)
    expect(all.groups.map(({weight}) => weight)).to.deep.equal(['w', 'r', 'head'])
    expect(all.warnings).to.deep.equal([])
  })

  it('warns when a model answers otherwise', async () => {
    const output = join(folder.path, 'broken.onnx')
    const {warnings, fidelity} = await run('resnet8_fm', {...IMAGE_DATA, eval: undefined, sparsity: 0.8, output})
    expect(fidelity?.agreement).to.be.below(0.98)
    expect(warnings.map(({code}) => code)).to.include('LOW_FIDELITY')
  })

  it('declines a model of which nothing is left to prune', async () => {
    const error = await run('cnn_fm', {exclude: [/./]}).catch((reason) => reason)
    expect(error).to.be.instanceOf(UnsupportedError)
    expect(error.message).to.match(/nothing to prune: Conv '.*': excluded by --exclude \./)
  })
})

/** An LSTM that starts from an input, and a classifier of what comes out. */
function writeStream(build: GraphBuilder): void {
  const state = build.input('state', [1, 1, 4])
  const weights = ['w', 'r'].map((name, seed) => build.floats(randomFloats(16 * 4, seed + 1, 0.3), [1, 16, 4], name))
  const inputs = [build.input('x', [3, 1, 4]), ...weights, undefined, undefined, state, state]
  const last = build.node('LSTM', inputs, {hidden_size: 4}, {name: 'lstm', outputs: 3}).outputs[1] as Value
  build.output(last)
  build.output(build.op('MatMul', [last, build.floats(randomFloats(40, 3), [4, 10], 'head')]))
}

/** Two calls of a function whose matrix stands inside of it. */
function twoCalls(): Uint8Array {
  const floatData = Array.from({length: 64}, (_, index) => (index % 2 === 0 ? 0.01 : 1) + index / 1000)
  const attribute = [{name: 'value', type: Attr.TENSOR, t: {dims: [8n, 8n], dataType: FLOAT, floatData}}]
  const layer = {
    ...{name: 'Layer', domain: 'local', input: ['a'], output: ['b'], opsetImport: [{domain: '', version: 17n}]},
    node: [
      {opType: 'Constant', output: ['w'], attribute},
      {opType: 'MatMul', input: ['a', 'w'], output: ['b']},
    ],
  }
  const call = (input: string, output: string) => {
    return {opType: 'Layer', domain: 'local', name: `layer_${output}`, input: [input], output: [output]}
  }
  const graph = {
    name: 'calls',
    input: [port('x', 1, 8)],
    output: [port('z', 1, 8)],
    node: [call('x', 'y'), call('y', 'z')],
  }
  return foreignModel(graph, {opsetImport: [{version: 17n}, {domain: 'local', version: 1n}], functions: [layer]})
}
