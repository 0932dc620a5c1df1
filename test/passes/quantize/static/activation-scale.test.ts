import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {activationScale} from '../../../../src/passes/quantize/static/activation-scale.js'
import {modelOf} from '../../../support/pass-trial.js'
import {runGraph} from '../../../support/run-graph.js'

describe('activationScale', () => {
  it('is what ONNX Runtime takes when it quantizes the same range at run time', async () => {
    for (const [min, max] of [
      [-1, 1],
      [0, 6],
      [-0.3, 2.7],
      [-5, 0],
      [1, 3],
      [-4, -2],
    ] as const) {
      const model = modelOf((build) => {
        const made = build.node('DynamicQuantizeLinear', [build.input('x', [2])], {}, {outputs: ['q', 's', 'z']})
        for (const value of made.outputs) if (value) build.output(value)
      })
      const {s, z} = await runGraph(model, {x: new OrtTensor('float32', Float32Array.of(min, max), [2])})
      const {scale, zeroPoint} = activationScale({min, max})
      expect({scale, zeroPoint}, `${min}..${max}`).to.deep.equal({scale: s?.data[0], zeroPoint: z?.data[0]})
    }
  })

  it('represents zero exactly, whatever the range', () => {
    for (const [min, max] of [
      [-1e-3, 7],
      [2, 9],
      [-9, -2],
    ] as const) {
      const {zeroPoint} = activationScale({min, max})
      expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).to.equal(true)
    }
  })

  it('gives 1 for a range without extent, and for one that was never seen', () => {
    expect(activationScale({min: 0, max: 0})).to.deep.equal({scale: 1, zeroPoint: 0})
    expect(activationScale({min: 0, max: 1e-40})).to.deep.equal({scale: 1, zeroPoint: 0})
    expect(activationScale({min: Infinity, max: -Infinity})).to.deep.equal({scale: 1, zeroPoint: 0})
  })
})
