import {expect} from 'chai'
import {SameValues} from '../../../src/metrics/kinds/same-values.js'
import {judged} from './judged.js'

describe('SameValues', () => {
  it('counts what only one side has as different', () => {
    expect(judged(new SameValues(), [1, 2, 3], [1, 5], [3]).value).to.be.closeTo(1 / 3, 1e-12)
  })

  it('takes NaN for equal to NaN, and 0 for another value than -0', () => {
    expect(judged(new SameValues(), [Number.NaN, 0, 7], [Number.NaN, -0, 7], [3]).value).to.be.closeTo(2 / 3, 1e-12)
  })

  it('says nothing of empty outputs', () => {
    expect(judged(new SameValues(), [], [], [0])).to.deep.include({value: null, details: {}})
  })
})
