import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {requireClassLabels, requireLabelCount} from '../../src/metrics/class-labels.js'

describe('requireLabelCount', () => {
  const hintOf = (labels: number, samples: number) => {
    try {
      requireLabelCount(new Float64Array(labels), samples)
    } catch (error) {
      return (error as DataError).hint
    }
    throw new Error('expected a refusal')
  }

  it('asks for argmax only where labels are whole rows', () => {
    expect(hintOf(30, 10)).to.match(/argmax/)
    expect(hintOf(31, 10)).to.equal(undefined)
    expect(hintOf(3, 0)).to.equal(undefined)
  })

  it('takes one each', () => {
    expect(() => requireLabelCount([1, 2], 2)).not.to.throw()
  })
})

describe('requireClassLabels', () => {
  const check = (labels: number[], classes: number) => () =>
    requireClassLabels(Float64Array.from(labels), labels.length, classes)

  it('takes 0 to classes - 1', () => {
    expect(check([0, 2, 1], 3)).not.to.throw()
  })

  it('names the first label that is no class', () => {
    expect(check([0, 3, 9], 3)).to.throw(DataError, 'label of sample 1: expected a class in 0..2, got 3')
    expect(check([-1], 3)).to.throw(DataError, 'got -1')
    expect(check([0.5], 3)).to.throw(DataError, 'got 0.5')
    expect(check([Number.NaN], 3)).to.throw(DataError, 'got NaN')
  })
})
