import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {f1} from '../../src/metrics/f1.js'
import {equalsNumPy, LABELS, LOGITS} from './twelve-rows.js'

describe('f1', () => {
  equalsNumPy(f1, 0.23611111, 2 / 3)

  it('is 0 where a class neither is nor was decided', () => {
    expect(f1.compute(Float32Array.of(-1, -1), [2], Float64Array.of(0, 0)).value).to.equal(0)
  })

  it('leaves classes out that neither occur nor are decided', () => {
    // of three classes, only 0 and 1 occur: F1 of 2/3 and 0
    const scores = Float32Array.of(1, 0, 0, 1, 0, 0)
    expect(f1.compute(scores, [2, 3], Float64Array.of(0, 1)).value).to.be.closeTo((2 / 3 + 0) / 2, 1e-12)
  })

  it('refuses labels that are no whole numbers', () => {
    const wrong = Float64Array.from(LABELS)
    wrong[5] = 0.5
    expect(() => f1.compute(LOGITS, [12, 4], wrong)).to.throw(DataError, 'got 0.5')
  })
})
