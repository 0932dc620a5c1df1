import {expect} from 'chai'
import {clipBins, clippedRange, searchClip} from '../../../src/runtime/calibrate/clip-search.js'
import type {HistogramData} from '../../../src/runtime/calibrate/histogram.js'

const data = (more: Partial<HistogramData>): HistogramData =>
  ({min: -1, max: 1, binWidth: 0.5, first: -2, counts: Float64Array.of(1, 2, 3, 4), ...more}) as HistogramData

describe('clipBins', () => {
  it('begin and end at zero or beyond it', () => {
    expect(clipBins(data({}))).to.deep.equal({counts: Float64Array.of(1, 2, 3, 4), zero: 2})
    // values between 1 and 2: the gap down to zero is laid out too
    expect(clipBins(data({min: 1, max: 2, first: 2, counts: Float64Array.of(5, 6)}))).to.deep.equal({
      counts: Float64Array.of(0, 0, 5, 6),
      zero: 0,
    })
    expect(clipBins(data({min: -2, max: -1, first: -4, counts: Float64Array.of(5, 6)}))).to.deep.equal({
      counts: Float64Array.of(5, 6, 0, 0),
      zero: 4,
    })
  })

  it('leave out what lies below zero where nothing is negative, and are none of nothing', () => {
    expect(clipBins(data({min: 0, max: 1, first: -1, counts: Float64Array.of(9, 1, 2)}))).to.deep.equal({
      counts: Float64Array.of(1, 2),
      zero: 0,
    })
    expect(clipBins(data({min: 0, max: 0, first: 0, counts: new Float64Array(0)})).counts).to.have.length(0)
  })
})

describe('clippedRange', () => {
  it('takes an outermost edge for the extreme itself, others by their bins', () => {
    const seen = data({min: -0.9, max: 0.8})
    const bins = clipBins(seen)
    expect(clippedRange(seen, bins, {low: 0, high: 4})).to.deep.equal({min: -0.9, max: 0.8})
    expect(clippedRange(seen, bins, {low: 1, high: 3})).to.deep.equal({min: -0.5, max: 0.5})
    expect(clippedRange(seen, bins, {low: 2, high: 2})).to.deep.equal({min: 0, max: 0})
  })
})

describe('searchClip', () => {
  const bins = (length: number, zero: number) => ({counts: new Float64Array(length), zero})

  it('finds the pair with the smallest cost, down to one bin', () => {
    const cost = ({low, high}: {low: number; high: number}) => (low - 137) ** 2 + (high - 1811) ** 2
    expect(searchClip(bins(2048, 1024), cost)).to.deep.equal({low: 137, high: 1811})
  })

  it('keeps the whole range among equals, and never steps over zero', () => {
    expect(searchClip(bins(100, 40), () => 1)).to.deep.equal({low: 0, high: 100})
    expect(searchClip(bins(100, 40), ({low, high}) => high - low)).to.deep.equal({low: 40, high: 40})
  })

  it('takes no clip that is not allowed, and searches no side without values', () => {
    const allowed = ({low, high}: {low: number; high: number}) => (high < 60 ? Number.POSITIVE_INFINITY : low + high)
    expect(searchClip(bins(100, 0), allowed)).to.deep.equal({low: 0, high: 60})
    expect(searchClip(bins(0, 0), () => Number.NaN)).to.deep.equal({low: 0, high: 0})
  })
})
