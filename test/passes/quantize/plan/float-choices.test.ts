import {expect} from 'chai'
import {firstFloats, otherFloats} from '../../../../src/passes/quantize/plan/float-choices.js'
import {modelOf, randomFloats, type Write} from '../../../support/pass-trial.js'

const perceptron: Write = (build) => {
  const hidden = build.op('MatMul', [build.input('x', [1, 8, 16]), build.floats(randomFloats(64), [16, 4])])
  build.output(build.op('MatMul', [hidden, build.floats(randomFloats(8), [4, 2])], {}, {name: 'head'}))
}

const separable: Write = (build) => {
  const stem = build.floats(randomFloats(4 * 3 * 9), [4, 3, 3, 3])
  const first = build.op('Conv', [build.input('x', [1, 3, 8, 8]), stem], {}, {name: 'stem'})
  const wide = build.op('Conv', [first, build.floats(randomFloats(36), [4, 1, 3, 3])], {group: 4}, {name: 'wide'})
  const silu = build.op('Mul', [wide, build.op('Sigmoid', [wide])])
  build.output(build.op('Conv', [silu, build.floats(randomFloats(16), [4, 4, 1, 1])], {}, {name: 'last'}))
}

describe('firstFloats', () => {
  const names = (floatPrefix?: number) =>
    [...firstFloats(modelOf(separable).graph, floatPrefix === undefined ? {} : {floatPrefix}, () => 1).keys()].map(
      ({name}) => name,
    )

  it('are those of the rule, none, or the layers up to a place, at most the last place there is', () => {
    expect(names()).to.include.members(['stem', 'wide'])
    expect(names(0)).to.be.empty
    expect(names(1)).to.deep.equal(['stem'])
    expect(names(2)).to.deep.equal(['stem', 'wide', 'Sigmoid_0', 'Mul_0'])
    expect(names(7)).to.deep.equal(names(2))
  })
})

describe('otherFloats', () => {
  const names = (write: Write, tuning: Parameters<typeof otherFloats>[1]) =>
    [...otherFloats(modelOf(write).graph, tuning).keys()].map(({name}) => name)

  it('are products of sequences by rule, and what --tune found', () => {
    expect(names(perceptron, {})).to.deep.equal(['MatMul_0', 'head'])
    expect(names(perceptron, {staticProducts: true})).to.be.empty
    expect(names(perceptron, {staticProducts: true, floatHead: true})).to.deep.equal(['head'])
    expect(names(separable, {floatDepthwise: true})).to.deep.equal(['wide'])
  })
})
