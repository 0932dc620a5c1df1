import {expect} from 'chai'
import {SameDirection} from '../../../src/metrics/kinds/same-direction.js'
import {judged} from './judged.js'

describe('SameDirection', () => {
  it('is the mean cosine of rows, and counts neighbours that stay', () => {
    expect(judged(new SameDirection(), [1, 0, 0, 2], [3, 0, 0, 2], [2, 2]).value).to.be.closeTo(1, 1e-12)
    expect(judged(new SameDirection(), [1, 0, 0, 2], [0, 1, 0, 2], [2, 2]).value).to.be.closeTo(0.5, 1e-12)
    // 16 directions around a circle; turned all together they keep their neighbours, mixed they do not
    const turned = (by: (index: number) => number) =>
      Array.from({length: 16}, (_, index) => [Math.cos(by(index)), Math.sin(by(index))]).flat()
    const angle = (index: number) => 0.3 * index + 0.01 * index * index
    const kept = judged(
      new SameDirection(),
      turned(angle),
      turned((index) => angle(index) + 1),
      [16, 2],
    )
    expect(kept.details.neighbours).to.equal(1)
    const mixed = judged(
      new SameDirection(),
      turned(angle),
      turned((index) => angle((7 * index) % 16)),
      [16, 2],
    )
    expect(mixed.details.neighbours).to.be.below(0.9)
  })

  it('takes rows of zeros for like nothing but zeros, and says nothing without rows', () => {
    expect(judged(new SameDirection(), [0, 0, 0, 0], [0, 0, 1, 0], [2, 2])).to.deep.include({value: 0.5})
    expect(judged(new SameDirection(), [], [], [0, 2]).value).to.equal(null)
  })

  it('is never below 0, and says how the worst row did', () => {
    const {value, details} = judged(new SameDirection(), [1, 0, 0, 1], [-1, 0, 0, -1], [2, 2])
    expect(value).to.equal(0)
    expect(details).to.deep.equal({rows: 2, least: -1})
  })

  it('takes rows that are not finite for zeros', () => {
    const inf = Number.POSITIVE_INFINITY
    expect(judged(new SameDirection(), [1, 0], [inf, 0], [1, 2]).value).to.equal(0)
    expect(judged(new SameDirection(), [1, 0], [Number.NaN, 0], [1, 2]).value).to.equal(0)
  })
})
