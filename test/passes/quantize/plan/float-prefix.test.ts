import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {floatPrefixes} from '../../../../src/passes/quantize/plan/float-prefix.js'
import {modelOf, randomFloats, type Write} from '../../../support/pass-trial.js'

const conv = (build: GraphBuilder, x: Value, name: string, from = 4) =>
  build.op('Conv', [x, build.floats(randomFloats(4 * from), [4, from, 1, 1])], {}, {name})

const ends = (write: Write) =>
  floatPrefixes(modelOf(write).graph).map(({nodes, convolutions}) => [nodes.at(-1)?.name, convolutions])

describe('floatPrefixes', () => {
  it('end in front of a convolution, behind the activation of the one before', () => {
    const found = ends((build) => {
      const first = build.op('Relu', [conv(build, build.input('x', [1, 3, 5, 5]), 'a', 3)], {}, {name: 'r'})
      build.output(conv(build, conv(build, first, 'b'), 'c'))
    })
    expect(found).to.deep.equal([
      ['r', 1],
      ['b', 2],
    ])
  })

  it('never end inside a residual block', () => {
    const found = ends((build) => {
      const before = conv(build, build.input('x', [1, 3, 5, 5]), 'a', 3)
      const sum = build.op('Add', [conv(build, conv(build, before, 'b'), 'c'), before], {}, {name: 'sum'})
      build.output(conv(build, sum, 'd'))
    })
    expect(found).to.deep.equal([
      ['a', 1],
      ['sum', 3],
    ])
  })

  it('end nowhere behind an output of the model, which is still to be read', () => {
    const found = ends((build) => {
      const before = conv(build, build.input('x', [1, 3, 5, 5]), 'a', 3)
      build.output(build.op('Abs', [before]))
      build.output(conv(build, conv(build, before, 'b'), 'c'))
    })
    expect(found).to.deep.equal([['a', 1]])
  })
})
