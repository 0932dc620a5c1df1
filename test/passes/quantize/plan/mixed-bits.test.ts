import {expect} from 'chai'
import {specsOf} from '../../../../src/ops/specs-of.js'
import {decide} from '../../../../src/passes/quantize/plan/decide.js'
import {mixedBits} from '../../../../src/passes/quantize/plan/mixed-bits.js'
import {modelOf, randomFloats} from '../../../support/pass-trial.js'

/** Products of 1, 2 and 5 thousand weights. */
const model = modelOf((build) => {
  const x = build.input('x', [1, 32])
  for (const columns of [32, 64, 160]) {
    build.output(
      build.op('MatMul', [x, build.floats(randomFloats(32 * columns), [32, columns])], {}, {name: `m${columns}`}),
    )
  }
}, 21)

const plan = decide(model.graph, {
  ...{mode: 'weights', weights: 'int4', format: 'qdq', blockSize: 32, perChannel: true, provider: 'cpu'},
  ...{sizeOf: () => undefined, specOf: specsOf(model), opset: 21, hasRanges: false},
})
const given = (...args: [bits: number, harm?: Parameters<typeof mixedBits>[2]]) =>
  mixedBits(plan, ...args).flatMap(({match, to}) =>
    'nodes' in match ? [...match.nodes].map((name) => `${name} ${to}`) : [],
  )

describe('mixedBits', () => {
  it('gives 8 bits to the smallest layers, never more than the average allows', () => {
    expect(given(4)).to.be.empty
    // an eighth of the weights cost half a bit on average
    expect(given(4.5)).to.deep.equal(['m32 stored-int8'])
    expect(given(5.5)).to.deep.equal(['m32 stored-int8', 'm64 stored-int8'])
    expect(given(8)).to.have.length(3)
  })

  it('begins with those that do most harm for their size, where that is known', () => {
    expect(given(6.6, ({node}) => (node.name === 'm160' ? 100 : 1))).to.deep.equal(['m160 stored-int8'])
  })
})
