import {expect} from 'chai'
import {SamePeaks} from '../../../src/metrics/kinds/same-peaks.js'
import {judged} from './judged.js'

describe('SamePeaks', () => {
  it('takes a peak that moved by one cell for the same', () => {
    const plane = (...cells: number[]) => Array.from({length: 16}, (_, cell) => (cells.includes(cell) ? 0.9 : 0))
    const peaks = () => new SamePeaks({height: 4, width: 4})
    expect(judged(peaks(), plane(5), plane(10), [1, 4, 4, 1]).value).to.equal(1)
    expect(judged(peaks(), plane(5), plane(7), [1, 4, 4, 1]).value).to.equal(0)
    // the end of a row is not beside the beginning of the next
    expect(judged(peaks(), plane(3), plane(4), [1, 4, 4, 1]).value).to.equal(0)
    expect(judged(peaks(), plane(), plane(), [1, 4, 4, 1]).value).to.equal(null)
  })

  it('takes the highest threshold with ten peaks, else the lowest with one', () => {
    const many = Array.from({length: 16}, (_, cell) => (cell < 10 ? 0.35 : 0))
    expect(judged(new SamePeaks({height: 4, width: 4}), many, many, [1, 4, 4]).details).to.deep.equal({
      threshold: 0.3,
      peaks: 10,
    })
    const faint = Array.from({length: 16}, (_, cell) => (cell === 0 ? 0.9 : cell === 9 ? 0.15 : 0))
    expect(judged(new SamePeaks({height: 4, width: 4}), faint, faint, [1, 4, 4]).details).to.deep.equal({
      threshold: 0.1,
      peaks: 2,
    })
  })

  it('counts peaks that only the other model has against it', () => {
    const own = [0.9, 0, 0, 0]
    const theirs = [0.9, 0, 0, 0, 0.9, 0, 0, 0]
    // two planes of one row: one peak of one is found, one of two is right
    expect(
      judged(new SamePeaks({height: 1, width: 4}, 0.5), [...own, 0, 0, 0, 0], theirs, [2, 1, 4]).value,
    ).to.be.closeTo(2 / 3, 1e-12)
  })
})
