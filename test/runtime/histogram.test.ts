import {expect} from 'chai'
import {Histogram} from '../../src/runtime/histogram.js'

describe('Histogram', () => {
  it('keeps the whole range at 100 per cent', () => {
    const histogram = new Histogram(-3, 5)
    histogram.add(Float32Array.of(-3, 0, 5))
    expect(histogram.range(100)).to.deep.equal({min: -3, max: 5})
  })

  it('cuts a lonely outlier, not the side without one', () => {
    const histogram = new Histogram(0, 1000)
    const values = new Float32Array(100_000).map((_, i) => i / 100_000)
    values[7] = 1000
    histogram.add(values)
    const {min, max} = histogram.range(99.99)
    expect(min).to.equal(0)
    expect(max).to.be.closeTo(1, 1000 / 2048)
  })

  it('adds up over batches', () => {
    const [whole, parts] = [new Histogram(0, 1), new Histogram(0, 1)]
    const values = Float32Array.from({length: 1000}, (_, i) => ((i * 7919) % 1000) / 999)
    whole.add(values)
    for (let start = 0; start < 1000; start += 100) parts.add(values.subarray(start, start + 100))
    expect(parts.range(90)).to.deep.equal(whole.range(90))
  })

  it('gives a constant tensor its only value', () => {
    const histogram = new Histogram(2, 2)
    histogram.add(Float32Array.of(2, 2))
    expect(histogram.range(99)).to.deep.equal({min: 2, max: 2})
  })
})
