import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {mae} from '../../src/metrics/mae.js'

const OUTPUTS = Float32Array.of(1.5, 2, 1, 4.5)
const TARGETS = Float64Array.of(1, 2, 3, 4)

describe('mae', () => {
  it('equals its definition', () => {
    expect(mae.compute(OUTPUTS, [4], TARGETS).value).to.equal(0.75)
    // an error of the other sign does not make up for it
    expect(mae.compute(Float32Array.of(0, 4), [2, 1], Float64Array.of(1, 3)).value).to.equal(1)
  })

  it('refuses another count of targets', () => {
    expect(() => mae.compute(OUTPUTS, [4], TARGETS.subarray(1))).to.throw(
      DataError,
      'expected 4, one per sample, got 3',
    )
  })
})
