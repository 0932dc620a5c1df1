import {expect} from 'chai'
import {recall} from '../../src/metrics/recall.js'
import {equalsNumPy} from './twelve-rows.js'

describe('recall', () => {
  equalsNumPy(recall, 0.375, 3 / 4)

  it('is 0 where the class has no sample', () => {
    expect(recall.compute(Float32Array.of(1, -2), [2], Float64Array.of(0, 0))).to.deep.equal({value: 0})
  })

  it('misses a sample whose score is NaN', () => {
    expect(recall.compute(Float32Array.of(1, Number.NaN), [2], Float64Array.of(1, 1)).value).to.equal(0.5)
  })
})
