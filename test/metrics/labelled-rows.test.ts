import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {classAxis} from '../../src/metrics/class-axis.js'
import {METRICS} from '../../src/metrics/registry.js'

const SCORES = Float32Array.from([1, 0, 2, 5, 1, 0, 0, 3, 1, 9, 8, 7])

describe('classAxis', () => {
  it('is the axis that the labels do not have', () => {
    expect(classAxis(['N', 'T', 512], [8])).to.equal(2)
    expect(classAxis(['N', 10, 'L'], [8])).to.equal(1)
    expect(classAxis(['N', 4, 6, 6], [6, 6])).to.equal(1)
    expect(classAxis(['N', 6, 6, 4], [6, 6])).to.equal(3)
    expect(classAxis(['N', 10], [])).to.equal(1)
    expect(classAxis(['N', 10, 1, 1], [])).to.equal(1)
  })

  it('is the last one for sequences and axis 1 for images where both fit', () => {
    expect(classAxis(['N', 8, 8], [8])).to.equal(2)
    expect(classAxis(['N', 8, 8, 8], [8, 8])).to.equal(1)
  })

  it('is none where labels fit no axis', () => {
    expect(classAxis(['N', 4, 5], [6])).to.equal(undefined)
    expect(classAxis(['N', 'T', 512], [])).to.equal(undefined)
    expect(classAxis(['N', 10], [10])).to.equal(undefined)
    expect(classAxis(['N', 3, 4, 5], [5, 4])).to.equal(undefined)
  })
})

describe('metrics of scores with a label per position', () => {
  const value = (name: string, shape: number[], labels: number[]) => {
    return METRICS[name]?.compute(SCORES, shape, Float64Array.from(labels)).value
  }

  it('count positions, those of sequences along the last axis', () => {
    // rows 1 0 2 | 5 1 0 | 0 3 1 | 9 8 7
    expect(value('top1', [2, 2, 3], [2, 0, 0, 0])).to.equal(0.75)
    expect(value('top1', [2, 2, 3], [2, -100, 0, -100])).to.equal(0.5)
  })

  it('count positions of images along axis 1', () => {
    // columns 1 5 | 0 1 | 2 0 || 0 9 | 3 8 | 1 7
    expect(value('top1', [2, 2, 1, 3], [1, 1, 0, 1, 1, 0])).to.be.closeTo(5 / 6, 1e-12)
    expect(value('top1', [2, 2, 3], [1, 1, 0, 1, 1, 0])).to.be.closeTo(5 / 6, 1e-12)
  })

  it('take the mean of the losses that count', () => {
    const nll = (row: number[], label: number) =>
      Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - (row[label] as number)
    const expected = (nll([1, 0, 2], 2) + nll([0, 3, 1], 0)) / 2
    expect(value('cross-entropy', [2, 2, 3], [2, -100, 0, -100])).to.be.closeTo(expected, 1e-6)
  })

  it('refuse labels that belong to no axis', () => {
    const ten = Array.from({length: 10}, () => 0)
    expect(() => value('top1', [2, 2, 3], ten)).to.throw(DataError, 'a row of classes for each of 10 labels')
    expect(() => value('top1', [2, 2, 3], [7, 0, 0, 0])).to.throw(DataError, 'expected a class in 0..2, got 7')
  })

  it('say what to do with one-hot labels', () => {
    const error = (() => {
      try {
        return value('top1', [4, 3], Array.from(SCORES, Number))
      } catch (caught) {
        return caught as DataError
      }
    })()
    expect((error as DataError).hint).to.match(/argmax/)
  })
})
