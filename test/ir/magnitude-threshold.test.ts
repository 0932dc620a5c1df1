import {expect} from 'chai'
import {magnitudeThreshold} from '../../src/ir/magnitude-threshold.js'
import {randomFloats} from '../support/pass-trial.js'

function thresholdOf(count: number, values: Float32Array) {
  const {bits, ties} = magnitudeThreshold(count, values)
  return {value: new Float32Array(Uint32Array.of(bits).buffer)[0], ties}
}

describe('magnitudeThreshold', () => {
  it('finds the k-th smallest magnitude, as sorting does', () => {
    for (const seed of [1, 2, 3]) {
      const parts = [randomFloats(500, seed), randomFloats(300, seed + 10, 1e-3), randomFloats(7, seed + 20, 1e6)]
      const values = Float32Array.from(parts.flatMap((part) => [...part]))
      const sorted = values.map(Math.abs).sort()
      for (const count of [1, 2, 250, 500, 806, 807]) {
        expect(thresholdOf(count, values).value, `${count} of seed ${seed}`).to.equal(sorted[count - 1])
      }
    }
  })

  it('says how many of the values equal to it are meant', () => {
    const values = Float32Array.of(1, -2, 2, 3, -2, 2)
    expect(thresholdOf(3, values)).to.deep.equal({value: 2, ties: 2})
    expect(thresholdOf(5, values)).to.deep.equal({value: 2, ties: 4})
  })

  it('counts both zeros as zero, and orders denormals', () => {
    expect(thresholdOf(2, Float32Array.of(0, -0, 1e-44, 1))).to.deep.equal({value: 0, ties: 2})
    expect(thresholdOf(3, Float32Array.of(0, -0, 1e-44, 1)).ties).to.equal(1)
  })

  it('refuses to take more values than there are', () => {
    expect(() => thresholdOf(3, Float32Array.of(1, 2))).to.throw(RangeError)
  })
})
