import {expect} from 'chai'
import type {Value} from '../../../../src/ir/value.js'
import {ScaleGroups} from '../../../../src/passes/quantize/plan/scale-groups.js'
import {modelOf} from '../../../support/pass-trial.js'

describe('ScaleGroups', () => {
  it('joins whatever was tied, directly or in a chain, and nothing else', () => {
    const {graph} = modelOf((build) => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) build.output(build.op('Abs', [build.input(name, [1])]))
    })
    const [a, b, c, d, e] = graph.inputs as [Value, Value, Value, Value, Value]
    const groups = new ScaleGroups()
    groups.tie(a, b)
    groups.tie(c, d)
    expect(groups.rootOf(a)).to.equal(groups.rootOf(b))
    expect(groups.rootOf(a)).not.to.equal(groups.rootOf(c))
    groups.tie(b, c)
    groups.tie(a, d)
    expect(new Set([a, b, c, d].map((value) => groups.rootOf(value))).size).to.equal(1)
    expect(groups.rootOf(e)).to.equal(e)
  })
})
