import {join} from 'node:path'
import {expect} from 'chai'
import {openModel} from '../../../src/io/open-model.js'
import {optimizeModel} from '../../../src/runtime/optimize/optimize-model.js'
import {CPU, ModelFolder} from '../model-folder.js'

describe('optimizeModel', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('saves the graph as the runtime fuses it', async () => {
    const model = folder.model('gemm.onnx', (build) => {
      const product = build.op('MatMul', [build.input('x', ['N', 4]), build.floats(new Float32Array(12), [4, 3])])
      build.output(build.op('Relu', [build.op('Add', [product, build.floats([1, 2, 3])])]))
    })
    const saved = join(folder.path, 'optimized.onnx')

    await optimizeModel(model, saved, {...CPU, optimization: 'extended'})

    const opened = await openModel(saved)
    expect(opened.model.graph.nodes().map((node) => node.opType)).to.deep.equal(['FusedGemm'])
    opened.close()
  })
})
