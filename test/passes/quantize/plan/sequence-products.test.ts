import {expect} from 'chai'
import {sequenceProducts} from '../../../../src/passes/quantize/plan/sequence-products.js'
import {modelOf, randomFloats} from '../../../support/pass-trial.js'

describe('sequenceProducts', () => {
  it('are the MatMuls that read more than a matrix, with the reason', () => {
    const {graph} = modelOf((build) => {
      const hidden = build.op('MatMul', [build.input('x', [1, 8, 16]), build.floats(randomFloats(64), [16, 4])])
      const rows = build.op('Reshape', [hidden, build.ints([8, 4])])
      build.output(build.op('MatMul', [rows, build.floats(randomFloats(8), [4, 2])], {}, {name: 'head'}))
    })
    expect([...sequenceProducts(graph)].map(([{name}, reason]) => [name, reason])).to.deep.equal([
      ['MatMul_0', 'a MatMul of sequences: dynamic activations are faster'],
    ])
  })
})
