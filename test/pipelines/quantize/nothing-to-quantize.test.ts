import {expect} from 'chai'
import {tensorOf} from '../../../src/ir/tensor.js'
import {nothingToQuantize} from '../../../src/pipelines/quantize/nothing-to-quantize.js'
import {modelOf} from '../../support/pass-trial.js'

describe('nothingToQuantize', () => {
  const float = modelOf((build) =>
    build.output(build.op('MatMul', [build.input('x', [1, 2]), build.floats([1, 2], [2, 1])])),
  )

  it('gives the first reason, and how many more there are', () => {
    const skip = (node: string) => ({node, op: 'MatMul', reason: 'too small'})
    expect(nothingToQuantize(float, [skip('a')]).message).to.equal("nothing to quantize: MatMul 'a': too small")
    expect(nothingToQuantize(float, [skip('a'), skip('b'), skip('c')]).message).to.match(/too small, and 2 more$/)
    expect(nothingToQuantize(float, []).message).to.equal('nothing to quantize: no float32 weights')
  })

  it('says that a model is quantized already', () => {
    const quantized = modelOf((build) => {
      const stored = build.constant(tensorOf('int8', [2, 2], Int8Array.of(1, 2, 3, 4)))
      build.output(
        build.op('MatMul', [build.input('x', [1, 2]), build.op('DequantizeLinear', [stored, build.scalar(0.1)])]),
      )
    })
    const {message, hint} = nothingToQuantize(quantized, [])
    expect(message).to.match(/the model is quantized already, weights-only int8/)
    expect(hint).to.match(/the float model/)
  })

  it('says what else than float32 the weights are', () => {
    const half = modelOf((build) => {
      const weight = build.constant(tensorOf('float16', [2, 2], new Uint16Array(4)))
      build.output(build.op('MatMul', [build.input('x', [1, 2], 'float16'), weight]))
    })
    expect(nothingToQuantize(half, []).message).to.match(/expected float32 weights, the model's are float16 already$/)
  })
})
