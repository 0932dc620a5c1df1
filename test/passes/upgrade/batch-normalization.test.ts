import {expect} from 'chai'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Value} from '../../../src/ir/value.js'
import {floatFeed, randomFloats, type Write} from '../../support/pass-trial.js'
import {itMeansTheSame, refusalOf, upgradedNodes} from '../../support/upgrade-trial.js'

function statistics(build: GraphBuilder, shape: readonly number[]): Value[] {
  const count = shape.reduce((product, size) => product * size, 1)
  const variance = randomFloats(count, 9).map((value) => Math.abs(value) + 0.1)
  return [...[1, 2, 3].map((seed) => randomFloats(count, seed)), variance].map((values) => build.floats(values, shape))
}

function norm(attributes: Record<string, number>, outputs = 1, shape: readonly number[] = [3]): Write {
  return (build) => {
    const inputs = [build.input('x', ['N', 3, 4, 5]), ...statistics(build, shape)]
    build.output(build.op('BatchNormalization', inputs, attributes, {outputs}))
  }
}

describe('flattenPositions', () => {
  const feeds = {x: floatFeed([2, 3, 4, 5])}
  itMeansTheSame({name: 'one statistic per channel', opset: 7, feeds, write: norm({spatial: 1})})
  itMeansTheSame({name: 'one statistic per position', opset: 7, feeds, write: norm({spatial: 0}, 1, [3, 4, 5])})
})

describe('testModeByOutputs', () => {
  it('takes is_test for what one output says', async () => {
    const [node] = await upgradedNodes(norm({is_test: 1}), 6, 15)
    expect([...(node?.attributes.keys() ?? [])]).to.deep.equal([])
  })

  it('refuses training mode, which was the default', async () => {
    expect(await refusalOf(norm({}), 6, 7)).to.contain('it is in training mode (is_test is 0)')
  })
})

describe('refuseTraining', () => {
  it('refuses a node with running statistics as outputs', async () => {
    expect(await refusalOf(norm({}, 5), 9, 14)).to.contain('it is in training mode')
  })
})
