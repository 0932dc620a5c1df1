import {expect} from 'chai'
import {
  type Box,
  boxOf,
  type Detection,
  formOf,
  iou,
  matches,
  quadAt,
  suppress,
} from '../../../src/metrics/kinds/boxes.js'

const one = (box: Box, score = 1, label = 0): Detection => ({box, score, label})

describe('iou', () => {
  it('is the shared area by the whole one', () => {
    // 1 of 4 + 4 - 1
    expect(iou([0, 0, 2, 2], [1, 1, 3, 3])).to.be.closeTo(1 / 7, 1e-12)
    expect(iou([0, 0, 2, 2], [0, 0, 2, 2])).to.equal(1)
  })

  it('is 0 for boxes that only touch, have no area, stand on their head or are no numbers', () => {
    expect(iou([0, 0, 1, 1], [1, 0, 2, 1])).to.equal(0)
    expect(iou([1, 1, 1, 1], [1, 1, 1, 1])).to.equal(0)
    expect(iou([2, 2, 0, 0], [2, 2, 0, 0])).to.equal(0)
    expect(iou([0, 0, Number.NaN, 1], [0, 0, 1, 1])).to.equal(0)
  })
})

describe('formOf', () => {
  it('tells corners from middles, and both from offsets', () => {
    expect(formOf([[0, 0, 5, 5]])).to.equal('corners')
    expect(formOf([[50, 50, 5, 5]])).to.equal('middle')
    expect(formOf([[-0.5, 0.1, 0.2, -0.3]])).to.equal(undefined)
    expect(formOf([])).to.equal(undefined)
  })

  it('lets two boxes of a hundred be odd, not three', () => {
    const boxes = (odd: number) =>
      Array.from({length: 100}, (_, index) => (index < odd ? [-5, -5, -6, -6] : [0, 0, 1, 1]))
    expect(formOf(boxes(2))).to.equal('corners')
    expect(formOf(boxes(3))).to.equal(undefined)
  })
})

describe('boxOf and quadAt', () => {
  it('read four numbers that lie apart, as corners or as a middle with its sizes', () => {
    const columns = Float32Array.of(10, 0, 20, 0, 4, 0, 6, 0)
    expect(quadAt(columns, 0, 2)).to.deep.equal([10, 20, 4, 6])
    expect(boxOf([10, 20, 4, 6], 'middle')).to.deep.equal([8, 17, 12, 23])
    expect(boxOf([1, 2, 3, 4], 'corners')).to.deep.equal([1, 2, 3, 4])
  })
})

describe('suppress', () => {
  it('keeps the surest of those that overlap, within a class', () => {
    const [sure, faint, far] = [one([0, 0, 10, 10], 0.9), one([1, 0, 10, 10], 0.5), one([50, 50, 60, 60], 0.1)]
    expect(suppress([faint, far, sure])).to.deep.equal([sure, far])
    const otherClass = one([0, 0, 10, 10], 0.5, 1)
    expect(suppress([otherClass, sure])).to.deep.equal([sure, otherClass])
  })

  it('stops at the two hundred surest', () => {
    const apart = Array.from({length: 250}, (_, index) => one([2 * index, 0, 2 * index + 1, 1], index))
    const kept = suppress(apart)
    expect(kept).to.have.length(200)
    expect(Math.min(...kept.map(({score}) => score))).to.equal(50)
  })
})

describe('matches', () => {
  it('finds each box once, in its class', () => {
    const box: Box = [0, 0, 10, 10]
    expect(matches([one(box), one(box)], [one(box)])).to.equal(1)
    expect(matches([one(box)], [one(box, 1, 3)])).to.equal(0)
    expect(matches([], [one(box)])).to.equal(0)
  })

  it('takes the best overlap first, which must be half at least', () => {
    const [near, exact] = [one([1, 0, 10, 10]), one([0, 0, 10, 10])]
    expect(matches([exact, near], [near, exact])).to.equal(2)
    // 5 of 10 columns: exactly half
    expect(matches([exact], [one([0, 0, 5, 10])])).to.equal(1)
    expect(matches([exact], [one([0, 0, 4.9, 10])])).to.equal(0)
  })
})
