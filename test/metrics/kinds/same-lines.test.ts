import {expect} from 'chai'
import {SameLines} from '../../../src/metrics/kinds/same-lines.js'
import {judged} from './judged.js'

describe('SameLines', () => {
  it('joins repeats, leaves the blank out, and holds whole lines against each other', () => {
    const path = (labels: number[]) => labels.flatMap((label) => [0, 1, 2].map((one) => (one === label ? 9 : 0)))
    const reference = [...path([0, 1, 1, 0, 2]), ...path([2, 0, 2, 0, 0])]
    // the same line at other steps; and one symbol less
    const other = [...path([1, 0, 0, 2, 2]), ...path([2, 2, 2, 0, 0])]
    const {value, details} = judged(new SameLines(), reference, other, [2, 5, 3])
    expect(value).to.equal(0.5)
    expect(details).to.include({lines: 2, symbols: 4})
    expect(details.kl).to.be.above(0)
  })

  it('takes the first or the last class for the blank, whichever wins more steps', () => {
    const symbols = (...labels: number[]) => {
      const path = labels.flatMap((label) => [0, 1, 2].map((one) => (one === label ? 9 : 0)))
      return judged(new SameLines(), path, path, [1, labels.length, 3]).details.symbols
    }
    expect(symbols(2, 2, 1, 2)).to.equal(1)
    expect(symbols(0, 0, 2, 1)).to.equal(2)
    expect(symbols(0, 2, 1)).to.equal(2)
  })

  it('says why it cannot judge: no line at all, or only empty ones', () => {
    expect(new SameLines().result()).to.deep.include({value: null, reason: 'it was empty'})
    const blanks = [9, 0, 0, 9, 0, 0]
    expect(judged(new SameLines(), blanks, blanks, [1, 2, 3])).to.deep.include({
      value: null,
      reason: 'all lines are empty',
    })
  })
})
