import {expect} from 'chai'
import {layerProfile, rowPeaks} from '../../src/ir/layer-profile.js'

describe('rowPeaks', () => {
  it('finds the largest magnitude of each row, and none in a row of zeros', () => {
    const values = Float32Array.of(1, -3, 2, 0, 0, 0, 5, 5, -4)
    expect(rowPeaks(values, {rows: 3, inner: 3})).to.deep.equal([1, 6])
  })

  it('goes round the rows again where they repeat', () => {
    const values = Float32Array.of(1, 2, 9, 4)
    expect(rowPeaks(values, {rows: 2, inner: 1})).to.deep.equal([2, 3])
  })

  it('finds nothing in an empty weight', () => {
    expect(rowPeaks(new Float32Array(), {rows: 2, inner: 3})).to.deep.equal([])
  })
})

describe('layerProfile', () => {
  const layout = {rows: 2, inner: 3}

  it('counts elements, zeros and energy, and leaves the largest of each row out of the buckets', () => {
    const profile = layerProfile(Float32Array.of(1, -0, 2, 0, 3, 4), layout)
    expect([profile?.elements, profile?.zeros, profile?.energy]).to.deep.equal([6, 2, 30])
    expect(profile?.buckets).to.deep.equal([
      {count: 1, energy: 1},
      {count: 1, energy: 9},
    ])
  })

  it('puts equal magnitudes of either sign together, the smallest first', () => {
    const profile = layerProfile(Float32Array.of(2, 1, -1, 1, 8, -2), layout)
    expect(profile?.buckets).to.deep.equal([
      {count: 3, energy: 3},
      {count: 1, energy: 4},
    ])
  })

  it('has no answer for NaN and infinity', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(layerProfile(Float32Array.of(1, 2, 3, 4, 5, value), layout), `${value}`).to.equal(undefined)
    }
  })

  it('is empty for an empty weight', () => {
    expect(layerProfile(new Float32Array(), layout)).to.deep.equal({elements: 0, zeros: 0, energy: 0, buckets: []})
  })
})
