import {expect} from 'chai'
import {SamePositives} from '../../../src/metrics/kinds/same-positives.js'
import {judged} from './judged.js'

describe('SamePositives', () => {
  it('is not moved by the many places that both call empty', () => {
    const reference = Array.from({length: 1000}, (_, index) => (index < 4 ? 0.9 : 0.01))
    const half = reference.map((score, index) => (index < 2 ? 0.2 : score))
    // two of four are kept, nothing is added: recall 1/2, precision 1
    expect(judged(new SamePositives({of: 'places'}), reference, half, [1, 1000, 1]).value).to.be.closeTo(2 / 3, 1e-9)
    expect(judged(new SamePositives({of: 'area'}), reference, half, [1, 1, 20, 50]).value).to.equal(0.5)
  })

  it('takes 0 for the threshold of logits, by what is said or by the numbers', () => {
    expect(judged(new SamePositives({of: 'samples'}), [-3, 2, 1], [-3, 2, -1], [3, 1]).value).to.be.closeTo(2 / 3, 1e-9)
    // logits that happen to lie in 0..1 are all above 0
    expect(judged(new SamePositives({of: 'samples', areLogits: true}), [0.2, 0.9], [0.4, 0.6], [2, 1]).value).to.equal(
      1,
    )
  })

  it('lets a place that barely passed come and go, and not the sure one', () => {
    const places = new SamePositives({of: 'places'})
    const lostFaint = judged(places, [0.95, 0.51, 0], [0.95, 0.49, 0], [1, 3, 1]).value ?? 0
    expect(lostFaint).to.be.above(0.98)
    const lostSure = judged(new SamePositives({of: 'places'}), [0.95, 0.51, 0], [0.4, 0.51, 0], [1, 3, 1]).value ?? 1
    expect(lostSure).to.be.below(0.1)
  })

  it('goes down to where the reference says yes, and says so when it never does', () => {
    expect(judged(new SamePositives({of: 'samples'}), [0.2, 0.01], [0.2, 0.01], [2, 1]).details.threshold).to.equal(0.1)
    const silent = judged(new SamePositives({of: 'samples'}), [0.02, 0.01], [0.03, 0.02], [2, 1])
    expect(silent).to.deep.include({value: null, reason: 'no score passes 0.5'})
    expect(judged(new SamePositives({of: 'samples'}), [0.02, 0.01], [0.9, 0.02], [2, 1]).value).to.equal(0)
  })

  it('counts equal decisions where nearly all are yes', () => {
    const reference = Array.from({length: 100}, () => 0.9)
    const other = reference.map((score, index) => (index < 3 ? 0.1 : score))
    expect(judged(new SamePositives({of: 'samples'}), reference, other, [100, 1]).value).to.equal(0.97)
  })

  it('does not take NaN for a yes, and counts it as different', () => {
    const scores = [0.9, 0.9, 0.9, 0.9]
    expect(judged(new SamePositives({of: 'samples'}), scores, [0.9, 0.9, 0.9, Number.NaN], [4, 1]).value).to.equal(0.75)
  })

  it('says nothing of no scores', () => {
    expect(new SamePositives({of: 'area'}).result()).to.deep.include({value: null, reason: 'it was empty'})
  })
})
