import {expect} from 'chai'
import {largest, product, sigmoid} from '../../../src/metrics/kinds/kind-measure.js'

describe('largest', () => {
  it('is the column of the largest number, the lowest of equal ones, steps apart', () => {
    expect(largest(Float32Array.of(3, 7, 7), 0, 3)).to.equal(1)
    expect(largest(Float32Array.of(0, 9, 1, 8, 5, 7), 0, 3, 2)).to.equal(2)
  })

  it('is -1 with NaN anywhere and for no numbers, and finds one among infinities', () => {
    expect(largest(Float32Array.of(1, 2, Number.NaN), 0, 3)).to.equal(-1)
    expect(largest(Float32Array.of(1), 0, 0)).to.equal(-1)
    const low = Number.NEGATIVE_INFINITY
    expect(largest(Float32Array.of(low, low), 0, 2)).to.equal(0)
  })
})

describe('product and sigmoid', () => {
  it('are 1 of no sizes, and a half of 0', () => {
    expect(product([])).to.equal(1)
    expect(product([2, 0, 3])).to.equal(0)
    expect(sigmoid(0)).to.equal(0.5)
    expect(sigmoid(-1000)).to.equal(0)
    expect(sigmoid(1000)).to.equal(1)
  })
})
