import {expect} from 'chai'
import {tuningQuestions} from '../../../../src/passes/quantize/plan/alternatives.js'
import type {Edit} from '../../../../src/passes/quantize/plan/plan.js'
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

const questions = (write: Write, isStatic: boolean) =>
  tuningQuestions(modelOf(write).graph, {isStatic, sizeOf: (dim) => (typeof dim === 'number' ? dim : 1)})

const titles = (write: Write, isStatic: boolean) => questions(write, isStatic).map(({title}) => title)

describe('tuningQuestions', () => {
  it('ask about what the graph has', () => {
    expect(titles(separable, true)).to.deep.equal([
      ...['first layers', 'SiLU', 'depthwise convolutions', 'last layer', 'the whole model'],
    ])
    expect(titles(perceptron, true)).to.deep.equal(['last layer', 'MatMuls of sequences', 'the whole model'])
    expect(titles(perceptron, false)).to.deep.equal(['products'])
    expect(titles(separable, false)).to.be.empty
  })

  it('answer with edits of named nodes: first layers up to a place, the others of the rule on integers', () => {
    const [first] = questions(separable, true)
    const nodesOf = (edits: readonly Edit[], wish: string) =>
      edits.flatMap(({match, to}) => (to === wish && 'nodes' in match ? [...match.nodes] : []))
    const stems = first?.alternatives.map(({edits}) => nodesOf(edits, 'stem'))
    expect(stems).to.deep.equal([[], ['stem'], ['stem', 'wide', 'Sigmoid_0', 'Mul_0']])
    for (const {edits} of first?.alternatives ?? []) expect(nodesOf(edits, 'integers')).to.include.members(['stem'])
  })
})
