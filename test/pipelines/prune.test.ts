import {readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {AttributeProto_AttributeType as Attr} from 'onnx-buf'
import {UnsupportedError} from '../../src/errors.js'
import {openModel} from '../../src/io/open-model.js'
import {readFloat32, type Tensor} from '../../src/ir/tensor.js'
import {type PruneOptions, prune} from '../../src/pipelines/prune.js'
import {quantize} from '../../src/pipelines/quantize.js'
import {pruneResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {FLOAT, foreignModel, port} from '../support/foreign-model.js'
import {IMAGE_DATA, pruneOptions, quantizeOptions, SILENT} from '../support/pipeline-options.js'

describe('prune', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  const run = (model: string, options: Partial<PruneOptions>) =>
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
    expect(before - after).to.be.at.most(0.01)
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

  it('warns when a model answers otherwise', async () => {
    const output = join(folder.path, 'broken.onnx')
    const {warnings, fidelity} = await run('resnet8_fm', {...IMAGE_DATA, eval: undefined, sparsity: 0.8, output})
    expect(fidelity?.agreement).to.be.below(0.98)
    expect(warnings.map(({code}) => code)).to.include('LOW_AGREEMENT')
  })

  it('declines a model of which nothing is left to prune', async () => {
    const error = await run('cnn_fm', {exclude: [/./]}).catch((reason) => reason)
    expect(error).to.be.instanceOf(UnsupportedError)
    expect(error.message).to.match(/nothing to prune: Conv '.*': excluded by --exclude \./)
  })
})

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
