import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {rmse} from '../../src/metrics/rmse.js'

const OUTPUTS = Float32Array.of(1.5, 2, 1, 4.5)
const TARGETS = Float64Array.of(1, 2, 3, 4)

describe('rmse', () => {
  it('equals its definition', () => {
    expect(rmse.compute(OUTPUTS, [4, 1], TARGETS).value).to.be.closeTo(Math.sqrt(4.5 / 4), 1e-12)
  })

  it('refuses outputs that are not one number per sample', () => {
    expect(() => rmse.compute(OUTPUTS, [2, 2], TARGETS.subarray(2))).to.throw(
      DataError,
      'expected outputs of shape [N] or [N, 1]',
    )
  })

  it('does not hide NaN', () => {
    expect(rmse.compute(Float32Array.of(1, Number.NaN), [2], Float64Array.of(1, 1)).value).to.be.NaN
  })
})
