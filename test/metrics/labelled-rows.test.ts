import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {labelledRows} from '../../src/metrics/labelled-rows.js'

const SCORES = Float32Array.from([1, 0, 2, 5, 1, 0, 0, 3, 1, 9, 8, 7])

describe('labelledRows', () => {
  it('leaves scores with a label per sample as they are', () => {
    const labels = Float64Array.of(0, 1, 2, 0)
    const rows = labelledRows(SCORES, [4, 3], labels, 'top1')
    expect(rows.outputs).to.equal(SCORES)
    expect(rows.labels).to.equal(labels)
  })

  it('leaves out the rows whose label is to be ignored', () => {
    const {outputs, shape, labels} = labelledRows(SCORES, [2, 2, 3], Float64Array.of(2, -100, 0, -100), 'top1')
    expect([...outputs]).to.deep.equal([1, 0, 2, 0, 3, 1])
    expect(shape).to.deep.equal([2, 3])
    expect([...labels]).to.deep.equal([2, 0])
  })

  it('lays the classes of images side by side', () => {
    const {outputs, shape} = labelledRows(SCORES, [2, 2, 1, 3], new Float64Array(6), 'top1')
    expect([...outputs]).to.deep.equal([1, 5, 0, 1, 2, 0, 0, 9, 3, 8, 1, 7])
    expect(shape).to.deep.equal([6, 2])
  })

  it('refuses labels that fit no axis, with their count', () => {
    expect(() => labelledRows(SCORES, [2, 2, 3], new Float64Array(10), 'f1')).to.throw(
      DataError,
      'metric f1: expected outputs of shape [N, C] or a row of classes for each of 10 labels, got [2, 2, 3]',
    )
  })
})
