import {expect} from 'chai'
import {SameNumbers} from '../../../src/metrics/kinds/same-numbers.js'
import {judged} from './judged.js'

describe('SameNumbers', () => {
  it('is R² of the worst column, whatever the scale of the others', () => {
    const result = judged(new SameNumbers(), [1000, 1, 2000, 2, 3000, 3], [1001, 1, 1999, 2, 3000, 1], [3, 2])
    // column 2: errors 4, variance 2
    expect(result.value).to.equal(0)
    expect(judged(new SameNumbers(), [1, 2, 3], [1, 2, 4], [3, 1]).value).to.be.closeTo(0.5, 1e-12)
  })

  it('judges numbers that do not vary by their squares, and sees NaN', () => {
    expect(judged(new SameNumbers(), [10, 10], [10, 9], [2, 1]).value).to.be.closeTo(1 - 1 / 200, 1e-9)
    expect(judged(new SameNumbers(), [1, 2], [1, Number.NaN], [2, 1]).value).to.equal(0)
    const inf = Number.POSITIVE_INFINITY
    expect(judged(new SameNumbers(), [1, inf, 3], [1, inf, 3], [3, 1]).value).to.equal(1)
  })

  it('does not mix columns when a batch has a single row', () => {
    const measure = new SameNumbers()
    judged(measure, [1000, 1], [1000, 1], [1, 2])
    judged(measure, [2000, 2], [2000, 2], [1, 2])
    // column 2: an error of 1 against a variance of 2 about the mean of 2
    expect(judged(measure, [3000, 3], [3000, 2], [1, 2]).value).to.be.closeTo(1 - 1 / 2, 1e-12)
  })

  it('judges a single row as one list of numbers', () => {
    // mean 2: an error of 1, a variance of 2
    expect(judged(new SameNumbers(), [1, 2, 3], [1, 2, 4], [1, 3]).value).to.be.closeTo(0.5, 1e-12)
  })

  it('keeps the variance of numbers far from zero', () => {
    expect(judged(new SameNumbers(), [1001, 1002, 1003], [1001, 1002, 1004], [3]).value).to.be.closeTo(0.5, 1e-9)
  })

  it('says nothing of no numbers', () => {
    expect(judged(new SameNumbers(), [], [], [0, 4])).to.deep.include({value: null, reason: 'it was empty'})
  })
})
