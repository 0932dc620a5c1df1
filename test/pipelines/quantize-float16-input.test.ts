import {statSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {InferenceSession} from 'onnxruntime-node'
import {openModel} from '../../src/io/open-model.js'
import {writeModel} from '../../src/io/write-model.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import type {QuantizeOptions} from '../../src/options/quantize.js'
import {computeFloat16} from '../../src/passes/quantize/float16/float16-compute.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../support/data-folder.js'
import {type Flat, IMAGE_DATA, quantizeOptions, SILENT} from '../support/pipeline-options.js'

describe('quantize, of a model that has float16 weights only', function () {
  this.timeout(120_000)
  const folder = new DataFolder()
  after(() => folder.remove())

  async function halfOf(name: string): Promise<string> {
    const path = join(folder.path, `${name}.onnx`)
    const {model, close} = await openModel(`fixtures/models/${name}.onnx`)
    inferModel(model)
    await computeFloat16({keepIo: false}).run(model.graph)
    await writeModel(model, path, {force: true, externalData: 'auto'})
    close()
    return path
  }

  const run = async (path: string, options: Flat<QuantizeOptions>) => {
    const output = join(folder.path, 'out.onnx')
    const result = await quantize(path, quantizeOptions({force: true, output, ...options}), SILENT)
    const session = await InferenceSession.create(output, {logSeverityLevel: 4})
    return {
      ...result,
      types: [...session.inputMetadata, ...session.outputMetadata].map((port) => port.isTensor && port.type),
    }
  }

  it('makes integers of them, dynamic, static or stored; inputs and outputs stay float16', async () => {
    const path = await halfOf('cnn_fm')
    const {data, preprocess} = IMAGE_DATA
    for (const options of [{}, {data, preprocess, limit: 32}, {mode: 'weights'}] as const) {
      const {changed, fidelity, output, types} = await run(path, options)
      const rules = changed.map(({rule}) => rule)
      expect(rules).to.include('widen-float16')
      expect(rules).to.include.oneOf(['dynamic', 'static', 'weights-only'])
      expect(output.sizeBytes).to.be.below(0.56 * statSync(path).size)
      expect(fidelity?.sqnrDb).to.be.above(30)
      expect(types).to.deep.equal(['float16', 'float16'])
    }
  })

  it('stores what stays float in 16 bits again: no file grows by being quantized', async () => {
    const path = await halfOf('cnn_fm')
    const {changed, output, skipped} = await run(path, {mode: 'weights', exclude: [/fc1/]})
    expect(changed.map(({rule}) => rule)).to.include('float16-storage')
    expect(skipped.map(({node}) => node)).to.include('/fc1/Gemm')
    expect(output.sizeBytes).to.be.below(statSync(path).size)
  })
})
