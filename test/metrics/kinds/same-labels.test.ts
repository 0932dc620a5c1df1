import {expect} from 'chai'
import {SameLabels} from '../../../src/metrics/kinds/same-labels.js'
import {judged} from './judged.js'

describe('SameLabels', () => {
  it('counts rows with the same largest class, ties to the lowest, NaN never', () => {
    const {value, details} = judged(
      new SameLabels(),
      [1, 2, 5, 5, 0, 1, Number.NaN, 0],
      [0, 9, 7, 1, 2, 1, 0, 1],
      [4, 2],
    )
    expect(value).to.equal(2 / 4)
    expect(details.decisions).to.equal(4)
  })

  it('says nothing about outputs without rows, and sums up over batches', () => {
    expect(judged(new SameLabels(), [], [], [0, 3]).value).to.equal(null)
    const measure = new SameLabels('same tokens')
    judged(measure, [1, 0], [1, 0], [1, 2])
    const {measure: name, value} = judged(measure, [1, 0, 0, 1], [0, 1, 1, 0], [2, 2])
    expect(name).to.equal('same tokens')
    expect(value).to.be.closeTo(1 / 3, 1e-12)
  })
})
