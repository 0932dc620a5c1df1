import {expect} from 'chai'
import {magnitudeThreshold} from '../../src/ir/magnitude-threshold.js'
import {randomFloats} from '../support/pass-trial.js'

const refuse = (name: string): never => {
  throw new Error(`not finite: ${name}`)
}

function thresholdOf(count: number, ...arrays: Float32Array[]) {
  const named = arrays.map((values, i) => ({values, name: `w${i}`}))
  const {bits, ties} = magnitudeThreshold(count, () => named, refuse)
  return {value: new Float32Array(Uint32Array.of(bits).buffer)[0], ties}
}

describe('magnitudeThreshold', () => {
  it('finds the k-th smallest magnitude over all arrays, as sorting does', () => {
    for (const seed of [1, 2, 3]) {
      const arrays = [randomFloats(500, seed), randomFloats(300, seed + 10, 1e-3), randomFloats(7, seed + 20, 1e6)]
      const sorted = arrays.flatMap((values) => [...values].map(Math.abs)).sort((a, b) => a - b)
      for (const count of [1, 2, 250, 500, 806, 807]) {
        expect(thresholdOf(count, ...arrays).value, `${count} of seed ${seed}`).to.equal(sorted[count - 1])
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

  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    it(`names the array that holds ${bad}`, () => {
      expect(() => thresholdOf(1, Float32Array.of(1), Float32Array.of(2, bad))).to.throw('not finite: w1')
    })
  }

  it('refuses to take more values than there are', () => {
    expect(() => thresholdOf(3, Float32Array.of(1, 2))).to.throw(RangeError)
  })
})
