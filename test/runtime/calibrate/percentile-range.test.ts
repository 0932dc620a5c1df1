import {expect} from 'chai'
import {percentileRange} from '../../../src/runtime/calibrate/percentile-range.js'
import {bellValues, histogramOf} from '../../support/raw-values.js'

describe('percentileRange', () => {
  it('finds the order statistics of sorted values, half of the cut at each side, to within a bin', () => {
    const values = bellValues(20_000, (x) => Math.tan(x / 2))
    const sorted = values.slice().sort()
    const data = histogramOf(values)
    for (const percentile of [50, 90, 99, 99.9, 99.99]) {
      const cut = Math.floor((values.length * (100 - percentile)) / 200)
      const {min, max} = percentileRange(data, percentile)
      const [low, high] = [sorted[cut] as number, sorted[values.length - 1 - cut] as number]
      expect(min, `min at ${percentile}`).to.be.within(low - data.binWidth, low)
      expect(max, `max at ${percentile}`).to.be.within(high, high + data.binWidth)
    }
  })

  it('keeps the whole range at 100 per cent', () => {
    expect(percentileRange(histogramOf(Float32Array.of(-3, 0, 5)), 100)).to.deep.equal({min: -3, max: 5})
  })

  it('cuts a lonely outlier, not the side without one', () => {
    const values = new Float32Array(100_000).map((_, i) => i / 100_000)
    values[7] = 1000
    const {min, max} = percentileRange(histogramOf(values), 99.99)
    expect(min).to.equal(0)
    expect(max).to.be.closeTo(1, 1000 / 2048)
  })

  it('gives constant tensors their only value', () => {
    for (const value of [2, 0, -7]) {
      const range = percentileRange(histogramOf(new Float32Array(5).fill(value)), 99)
      expect(range).to.deep.equal({min: value, max: value})
    }
  })
})
