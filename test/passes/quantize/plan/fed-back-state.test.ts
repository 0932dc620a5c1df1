import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {fedBackNodes} from '../../../../src/passes/quantize/plan/fed-back-state.js'
import {modelOf, randomFloats, type Write} from '../../../support/pass-trial.js'

function lstm(build: GraphBuilder, x: Value, state: Value | undefined): Value {
  const weights = [1, 2].map((seed) => build.floats(randomFloats(16 * 4, seed, 0.3), [1, 16, 4]))
  return build.op('LSTM', [x, ...weights, undefined, undefined, state, state], {hidden_size: 4}, {name: 'lstm'})
}

const found = (write: Write) => fedBackNodes(modelOf(write).graph)[0]?.name

describe('fedBackNodes', () => {
  it('finds an LSTM that starts from an input, reshaped or not', () => {
    expect(
      found((build) => {
        const state = build.input('state', [1, 4])
        const shaped = build.op('Unsqueeze', [state, build.ints([0])])
        build.output(lstm(build, build.input('x', [3, 1, 4]), shaped))
      }),
    ).to.equal('lstm')
  })

  it('passes over an LSTM that starts from zero, or from what another computed', () => {
    expect(found((build) => build.output(lstm(build, build.input('x', [3, 1, 4]), undefined)))).to.equal(undefined)
    expect(
      found((build) => {
        const state = build.op('Tanh', [build.input('y', [1, 1, 4])])
        build.output(lstm(build, build.input('x', [3, 1, 4]), state))
      }),
    ).to.equal(undefined)
  })
})
