import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {agreement} from '../../src/metrics/agreement.js'

const value = (outputs: number[], shape: number[], baseline: number[]) =>
  agreement.compute(Float32Array.from(outputs), shape, Float32Array.from(baseline)).value

describe('agreement', () => {
  it('counts equal decisions', () => {
    expect(value([1, 0, 0, 1, 5, 2], [3, 2], [2, 1, 3, 1, 9, 1])).to.be.closeTo(2 / 3, 1e-12)
  })

  it('decides at every position of [N, T, C]', () => {
    expect(value([1, 0, 0, 1], [1, 2, 2], [1, 0, 1, 0])).to.equal(0.5)
  })

  it('takes the threshold of the baseline for both models', () => {
    // probabilities of the baseline; the other model steps a little outside 0..1
    expect(value([1.01, 0.4], [2], [0.99, 0.3])).to.equal(1)
    // logits, although the other model's happen to lie in 0..1
    expect(value([0.2, 0.9], [2, 1], [0.1, 3])).to.equal(1)
  })

  it('does not count NaN, even in both', () => {
    expect(value([Number.NaN, 1], [1, 2], [Number.NaN, 1])).to.equal(0)
  })

  it('refuses images and outputs of another size', () => {
    expect(() => value([1, 2], [1, 2, 1, 1], [1, 2])).to.throw(DataError, 'got [1, 2, 1, 1]')
    expect(() => value([1, 2], [1, 2], [1, 2, 3, 4])).to.throw(
      DataError,
      'expected 4 numbers as from the baseline, got 2',
    )
  })
})
