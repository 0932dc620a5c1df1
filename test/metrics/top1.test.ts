import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {top1} from '../../src/metrics/top1.js'
import {equalsNumPy, LABELS, LOGITS} from './twelve-rows.js'

const SCORES = Float32Array.from([1, 0, 2, 5, 1, 0, 0, 3, 1, 9, 8, 7])

describe('top1', () => {
  const value = (outputs: Float32Array, shape: number[], labels: ArrayLike<number>) =>
    top1.compute(outputs, shape, Float64Array.from(labels)).value

  equalsNumPy(top1, 4 / 12, 5 / 8)

  it('takes the lowest class of a tie', () => {
    const tied = Float32Array.of(1, 1, 0, 0, 2, 2)
    expect(value(tied, [2, 3], [0, 1])).to.equal(1)
    expect(value(Float32Array.of(0.5), [1], [0])).to.equal(1)
    expect(value(Float32Array.of(0, 5), [2], [0, 1])).to.equal(1)
  })

  it('takes a row with NaN for wrong, whatever its label', () => {
    for (const label of [0, 1]) {
      expect(value(Float32Array.of(Number.NaN, 1), [1, 2], [label])).to.equal(0)
      expect(value(Float32Array.of(Number.NaN), [1], [label])).to.equal(0)
    }
  })

  it('counts positions of sequences along the last axis', () => {
    // rows 1 0 2 | 5 1 0 | 0 3 1 | 9 8 7
    expect(value(SCORES, [2, 2, 3], [2, 0, 0, 0])).to.equal(0.75)
    expect(value(SCORES, [2, 2, 3], [2, -100, 0, -100])).to.equal(0.5)
  })

  it('counts positions of images along axis 1', () => {
    // columns 1 5 | 0 1 | 2 0 || 0 9 | 3 8 | 1 7
    expect(value(SCORES, [2, 2, 1, 3], [1, 1, 0, 1, 1, 0])).to.be.closeTo(5 / 6, 1e-12)
    expect(value(SCORES, [2, 2, 3], [1, 1, 0, 1, 1, 0])).to.be.closeTo(5 / 6, 1e-12)
  })

  it('refuses labels outside the classes, of another count, and those that belong to no axis', () => {
    const wrong = Float64Array.from(LABELS)
    wrong[5] = 4
    expect(() => value(LOGITS, [12, 4], wrong)).to.throw(
      DataError,
      'label of sample 5: expected a class in 0..3, got 4',
    )
    expect(() => value(LOGITS, [4, 4, 3], LABELS.subarray(1))).to.throw(
      DataError,
      'expected outputs of shape [N, C] or a row of classes for each of 11 labels',
    )
    expect(() => value(LOGITS, [12, 4], LABELS.subarray(1))).to.throw(DataError, 'expected 12, one per sample, got 11')
    const ten = Array.from({length: 10}, () => 0)
    expect(() => value(SCORES, [2, 2, 3], ten)).to.throw(DataError, 'a row of classes for each of 10 labels')
    expect(() => value(SCORES, [2, 2, 3], [7, 0, 0, 0])).to.throw(DataError, 'expected a class in 0..2, got 7')
  })

  it('says what to do with one-hot labels', () => {
    const error = (() => {
      try {
        return value(SCORES, [4, 3], SCORES)
      } catch (caught) {
        return caught as DataError
      }
    })()
    expect((error as DataError).hint).to.match(/argmax/)
  })
})
