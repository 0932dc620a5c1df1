import {expect} from 'chai'
import {UsageError} from '../../../src/errors.js'
import {requireKnownSizes} from '../../../src/pipelines/inspect/require-known-sizes.js'
import {modelOf} from '../../support/pass-trial.js'

describe('requireKnownSizes', () => {
  const model = modelOf((build) => build.output(build.op('Relu', [build.input('x', ['N', 3, undefined])])))

  it('takes sizes that an input leaves free', () => {
    expect(() => requireKnownSizes(model, {N: 3})).not.to.throw()
    expect(() => requireKnownSizes(model, {})).not.to.throw()
  })

  it('names the one that is not there, and those that are', () => {
    expect(() => requireKnownSizes(model, {N: 3, M: 4}))
      .to.throw(UsageError, "--dim: expected a free size of the model, got 'M'")
      .with.property('hint', 'The free sizes are N')
    const own = JSON.parse('{"__proto__": 3}')
    expect(() => requireKnownSizes(model, own)).to.throw(UsageError, "got '__proto__'")
  })

  it('says so where all are fixed', () => {
    const fixed = modelOf((build) => build.output(build.op('Relu', [build.input('x', [1, 3])])))
    expect(() => requireKnownSizes(fixed, {N: 3}))
      .to.throw(UsageError)
      .with.property('hint', 'All sizes of the inputs are fixed')
  })
})
