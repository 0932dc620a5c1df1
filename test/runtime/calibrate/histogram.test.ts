import {expect} from 'chai'
import {Histogram, type HistogramData} from '../../../src/runtime/calibrate/histogram.js'
import {bellValues, extremes, histogramOf} from '../../support/raw-values.js'

describe('Histogram', () => {
  it('counts what a loop over the definition of its bins counts', () => {
    for (const values of [bellValues(3000), bellValues(3000, (x) => Math.max(0, x)), bellValues(3000, (x) => -x * x)]) {
      const data = histogramOf(values)
      expect(nonZero(data)).to.deep.equal(countsByDefinition(values, data.binWidth))
      expect(data).to.include(extremes(values))
    }
  })

  it('counts long tensors as it counts short ones', () => {
    const values = bellValues(70_001)
    const inParts = addedInParts(values, 1000)
    expect(histogramOf(values)).to.deep.equal(inParts)
    expect(nonZero(inParts)).to.deep.equal(countsByDefinition(values, inParts.binWidth))
  })

  it('does not depend on the order, the batches or the number of parts, even when the range grows a millionfold', () => {
    const values = bellValues(5000, (x) => x ** 9)
    values[4000] = 1e6
    const whole = histogramOf(values)
    expect(addedInParts(values, 7)).to.deep.equal(whole)
    expect(addedInParts(values.slice().reverse(), 13)).to.deep.equal(whole)
    const merged = new Histogram()
    for (const start of [3000, 0]) merged.merge(histogramOf(values.subarray(start, start === 0 ? 3000 : 5000)))
    expect(merged.data()).to.deep.equal(whole)
  })

  it('has at least 2048 bins from zero to the value farthest away', () => {
    for (const peak of [1e-38, 0.001, 1, 3, 4096, 4097, 3e38]) {
      for (const sign of [1, -1]) {
        const value = Math.fround(sign * peak)
        const {binWidth} = histogramOf(Float32Array.of(value, 0))
        expect(Math.abs(value) / binWidth, `${value}`).to.be.within(2048, 4096)
      }
    }
  })

  it('keeps a bin for zero where nothing is negative', () => {
    const {first, counts} = histogramOf(Float32Array.of(0, 0, -0, 1e-30, 5))
    expect([first, counts[0], counts[1]]).to.deep.equal([-1, 3, 1])
  })

  it('holds nothing but zeros in one bin', () => {
    const {min, max, counts} = histogramOf(new Float32Array(9))
    expect([min, max, [...counts]]).to.deep.equal([0, 0, [9]])
  })

  it('is empty without values, and adds nothing when merged', () => {
    const empty = new Histogram()
    empty.add(new Float32Array(0), {min: 0, max: 0})
    expect(empty.data().counts).to.have.length(0)
    empty.merge(new Histogram().data())
    empty.merge(histogramOf(Float32Array.of(1, 2)))
    expect(empty.data()).to.deep.equal(histogramOf(Float32Array.of(1, 2)))
  })
})

function addedInParts(values: Float32Array, size: number): HistogramData {
  const histogram = new Histogram()
  for (let start = 0; start < values.length; start += size) {
    const part = values.subarray(start, start + size)
    histogram.add(part, extremes(part))
  }
  return histogram.data()
}

/** bin → count, of bins (bin · width, (bin + 1) · width] */
function countsByDefinition(values: Float32Array, width: number): Map<number, number> {
  const counts = new Map<number, number>()
  for (const value of values) {
    let bin = Math.floor(value / width)
    if (bin * width === value) bin--
    counts.set(bin, (counts.get(bin) ?? 0) + 1)
  }
  return new Map([...counts].sort(([a], [b]) => a - b))
}

function nonZero({first, counts}: HistogramData): Map<number, number> {
  const entries = [...counts].map((count, index) => [first + index, count] as const)
  return new Map(entries.filter(([, count]) => count > 0))
}
