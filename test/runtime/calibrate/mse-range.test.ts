import {expect} from 'chai'
import {mseRange} from '../../../src/runtime/calibrate/mse-range.js'
import {bellValues, extremes, histogramOf} from '../../support/raw-values.js'

/** Bins are finite, the grid of the reference too. */
const TOLERANCE = 1.02

describe('mseRange', () => {
  for (const [name, of] of Object.entries({
    'of both signs': (x: number) => x,
    'with long tails': (x: number) => Math.tan(x / 1.3),
    'after a Relu': (x: number) => Math.max(0, Math.tan(x / 1.3)),
    'with few negative ones, like SiLU': (x: number) => (4 * x) / (1 + Math.exp(-4 * x)),
    'below zero': (x: number) => -Math.abs(Math.tan(x / 1.3)),
  })) {
    it(`comes as near to values ${name} as any range of a grid, each value quantized on its own`, () => {
      const values = bellValues(3000, of)
      const {min, max} = extremes(values)
      const found = meanSquaredError(values, mseRange(histogramOf(values)))
      for (let left = 0; left < 30; left++) {
        for (let right = 0; right < 30; right++) {
          const range = {min: Math.min(0, min) * (1 - left / 30), max: Math.max(0, max) * (1 - right / 30)}
          expect(found).to.be.at.most(meanSquaredError(values, range) * TOLERANCE)
        }
      }
    })
  }

  it('widens nothing beyond the values', () => {
    const values = bellValues(200)
    const {min, max} = mseRange(histogramOf(values))
    expect(min).to.be.at.least(Math.min(...values))
    expect(max).to.be.at.most(Math.max(...values))
  })

  it('keeps zero as the end of values without negative ones', () => {
    expect(mseRange(histogramOf(bellValues(5000, (x) => Math.max(0, x)))).min).to.equal(0)
  })

  it('gives constant tensors their only value', () => {
    for (const value of [3, 0, -5]) {
      const range = mseRange(histogramOf(new Float32Array(6).fill(value)))
      expect(range).to.deep.equal({min: value, max: value})
    }
  })
})

/** By ONNX's definition of QuantizeLinear, zero in the range. */
function meanSquaredError(values: Float32Array, {min, max}: {min: number; max: number}): number {
  const [low, high] = [Math.min(min, 0), Math.max(max, 0)]
  if (low === high) return Number.POSITIVE_INFINITY
  const scale = (high - low) / 255
  const zeroPoint = Math.round(-low / scale)
  let sum = 0
  for (const value of values) {
    const q = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint))
    sum += (value - (q - zeroPoint) * scale) ** 2
  }
  return sum / values.length
}
