import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import {requireKnownOutputs} from '../../src/judge/wanted-kinds.js'

describe('requireKnownOutputs', () => {
  it('takes outputs that the model has, and none', () => {
    expect(() => requireKnownOutputs({y: {kind: 'labels'}}, ['x', 'y'])).not.to.throw()
    expect(() => requireKnownOutputs({}, [])).not.to.throw()
  })

  it('names the one that it lacks, and in the hint those that it has', () => {
    const refused = () =>
      requireKnownOutputs(
        Object.fromEntries([
          ['y', {kind: 'labels'}],
          ['__proto__', {kind: 'mask'}],
        ]),
        ['y', 'z'],
      )
    expect(refused).to.throw(UsageError, '--output-kind __proto__: the model has no such output')
    expect(refused).to.throw().with.property('hint', 'Its outputs: y, z')
  })
})
