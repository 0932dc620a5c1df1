import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {mae} from '../../src/metrics/mae.js'
import {rmse} from '../../src/metrics/rmse.js'

const OUTPUTS = Float32Array.of(1.5, 2, 1, 4.5)
const TARGETS = Float64Array.of(1, 2, 3, 4)

describe('rmse and mae', () => {
  it('equal their definitions', () => {
    expect(rmse.compute(OUTPUTS, [4, 1], TARGETS).value).to.be.closeTo(Math.sqrt(4.5 / 4), 1e-12)
    expect(mae.compute(OUTPUTS, [4], TARGETS).value).to.equal(0.75)
  })

  it('refuse outputs that are not one number per sample', () => {
    expect(() => rmse.compute(OUTPUTS, [2, 2], TARGETS.subarray(2))).to.throw(
      DataError,
      'expected outputs of shape [N] or [N, 1]',
    )
    expect(() => mae.compute(OUTPUTS, [4], TARGETS.subarray(1))).to.throw(
      DataError,
      'expected 4, one per sample, got 3',
    )
  })
})
