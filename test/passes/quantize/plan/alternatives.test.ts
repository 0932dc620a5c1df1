import {expect} from 'chai'
import {tuningQuestions} from '../../../../src/passes/quantize/plan/alternatives.js'
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

const titles = (write: Write, isStatic: boolean) =>
  tuningQuestions(modelOf(write).graph, isStatic).map(({title}) => title)

describe('tuningQuestions', () => {
  it('ask about what the graph has', () => {
    expect(titles(separable, true)).to.deep.equal(['first layers', 'SiLU', 'depthwise convolutions', 'last layer'])
    expect(titles(perceptron, true)).to.deep.equal(['last layer', 'MatMuls of sequences'])
    expect(titles(perceptron, false)).to.deep.equal(['products'])
    expect(titles(separable, false)).to.be.empty
  })
})
