import {availableParallelism} from 'node:os'
import {expect} from 'chai'
import {calibrationProcesses} from '../../../src/pipelines/quantize/calibration-processes.js'
import {ModelFolder} from '../../runtime/model-folder.js'

const RUN = {provider: 'cpu', inputShapes: {}, dims: {}}

describe('calibrationProcesses', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('takes one for work of a moment and two for more, where there are two cores', async () => {
    // 16 · 512 · 512 · 16 · 9 multiply-accumulates, 0.6 billion
    const model = folder.model('conv.onnx', (build) => {
      const weight = build.floats(new Float32Array(16 * 16 * 9), [16, 16, 3, 3])
      const image = build.input('x', ['N', 16, 512, 512])
      build.output(build.op('Conv', [image, weight], {pads: [1, 1, 1, 1]}))
    })
    expect(await calibrationProcesses(model, 30, RUN)).to.equal(1)
    expect(await calibrationProcesses(model, 40, RUN)).to.equal(Math.min(2, availableParallelism()))
    expect(await calibrationProcesses(model, 1e6, {...RUN, provider: 'webgpu'})).to.equal(1)
  })

  it('takes one where sizes depend on values', async () => {
    const model = folder.model('unknown.onnx', (build) => {
      const kept = build.op('Compress', [build.input('x', ['N', 4]), build.input('keep', ['K'], 'bool')], {axis: 1})
      build.output(build.op('MatMul', [kept, build.input('y', ['M', 4])]))
    })
    expect(await calibrationProcesses(model, 1e12, RUN)).to.equal(1)
  })
})
