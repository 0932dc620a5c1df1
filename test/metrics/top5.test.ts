import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {top5} from '../../src/metrics/top5.js'
import {LABELS, LOGITS} from './twelve-rows.js'

describe('top5', () => {
  const value = (outputs: Float32Array, shape: number[], labels: Float64Array) =>
    top5.compute(outputs, shape, labels).value

  it('counts the five best, ties by index', () => {
    const row = [6, 5, 4, 3, 1, 1, 0]
    const outputs = Float32Array.of(...row, ...row, ...row)
    expect(value(outputs, [3, 7], Float64Array.of(0, 4, 5))).to.be.closeTo(2 / 3, 1e-12)
  })

  it('takes a row with NaN for wrong', () => {
    const six = Float32Array.of(9, Number.NaN, 0, 0, 0, 0)
    expect(value(six, [1, 6], Float64Array.of(0))).to.equal(0)
  })

  it('leaves out the positions that are to be ignored', () => {
    const ranked = [6, 5, 4, 3, 2, 1]
    const outputs = Float32Array.of(...ranked, ...ranked)
    expect(value(outputs, [1, 2, 6], Float64Array.of(5, -100))).to.equal(0)
    expect(value(outputs, [1, 2, 6], Float64Array.of(-100, 4))).to.equal(1)
  })

  it('refuses five classes and fewer, where it is always 1', () => {
    expect(() => value(LOGITS, [12, 4], LABELS)).to.throw(DataError, 'more than 5 classes')
    expect(() => value(Float32Array.of(1, 2), [2], Float64Array.of(0, 1))).to.throw(DataError, 'got [2]')
  })
})
