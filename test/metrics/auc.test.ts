import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {auc} from '../../src/metrics/auc.js'
import {BINARY_LOGITS, equalsNumPy} from './twelve-rows.js'

describe('auc', () => {
  const value = (scores: number[], labels: number[], shape = [scores.length]) =>
    auc.compute(Float32Array.from(scores), shape, Float64Array.from(labels)).value

  equalsNumPy(auc, 0.60097403, 0.84375)

  it('counts ties half, and is 0 for scores the wrong way around', () => {
    expect(value([1, 1, 1], [0, 1, 1])).to.equal(0.5)
    expect(value([3, 2, 1], [0, 1, 1])).to.equal(0)
    // pairs: 2 > 1 yes, 1 against 1 half
    expect(value([1, 2, 1], [0, 1, 1])).to.equal(0.75)
  })

  it('keeps apart what rounds to the same probability', () => {
    expect(value([0, 40, 0, 50], [0, 1], [2, 2])).to.equal(1)
  })

  it('refuses samples of one class only, NaN, and more axes', () => {
    expect(() => auc.compute(BINARY_LOGITS, [8], new Float64Array(8))).to.throw(DataError, 'got 0 and 8')
    expect(() => value([1, Number.NaN], [0, 1])).to.throw(DataError, 'got NaN')
    expect(() => value([1, 2, 3, 4], [0, 1], [1, 2, 2])).to.throw(DataError, 'got [1, 2, 2]')
  })
})
