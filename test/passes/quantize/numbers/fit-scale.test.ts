import {expect} from 'chai'
import {type FittedGrid, fitScale, type GridRange} from '../../../../src/passes/quantize/numbers/fit-scale.js'
import {randomFloats} from '../../../support/pass-trial.js'

const INT4 = {low: -7, high: 7}
const FULL = {low: -8, high: 7}
const UINT4 = {low: 0, high: 15}

function errorOn(
  values: ArrayLike<number>,
  {low, high}: GridRange,
  {scale, zeroPoint}: FittedGrid,
  importance?: ArrayLike<number>,
): number {
  return Array.from(values).reduce((sum, value, k) => {
    const q = Math.max(low, Math.min(high, Math.round(value / scale) + zeroPoint)) - zeroPoint
    return sum + (importance?.[k] ?? 1) * (value - q * scale) ** 2
  }, 0)
}

/** The least error over a fine sweep of scales and all zero points. */
function leastError(values: Float32Array, range: GridRange, importance?: ArrayLike<number>): number {
  const peak = Math.max(...values.map(Math.abs))
  let least = Number.POSITIVE_INFINITY
  for (let zeroPoint = 0; zeroPoint <= (range.low === 0 ? 15 : 0); zeroPoint++) {
    for (let i = 1; i <= 4000; i++) {
      for (const sign of range.low === -range.high || range.low === 0 ? [1] : [1, -1]) {
        const scale = (sign * i * peak * 2) / (4000 * (range.low === 0 ? 7 : 4))
        least = Math.min(least, errorOn(values, range, {scale, zeroPoint}, importance))
      }
    }
  }
  return least
}

/** Values with tails: sums of uniform ones, cubed. */
const heavy = (seed: number) =>
  randomFloats(32 * 3, seed)
    .subarray(0, 32)
    .map((value) => value ** 3 + 0.1 * value)

describe('fitScale', () => {
  for (const [title, range] of [
    ['symmetric', INT4],
    ['full', FULL],
    ['with a zero point', UINT4],
  ] as const) {
    it(`comes within 15 % of the best of all grids, ${title}`, () => {
      for (let seed = 1; seed <= 6; seed++) {
        const values = heavy(seed)
        const error = errorOn(values, range, fitScale(values, range))
        expect(error).to.be.at.most(1.15 * leastError(values, range))
      }
    })
  }

  it('loses less than the grid that holds the largest value', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const values = heavy(seed)
      const scale = Math.max(...values.map(Math.abs)) / 7
      expect(errorOn(values, INT4, fitScale(values, INT4))).to.be.below(errorOn(values, INT4, {scale, zeroPoint: 0}))
    }
  })

  it('weighs errors by importance', () => {
    const values = heavy(3)
    const importance = values.map((value) => (Math.abs(value) > 0.5 ? 0.1 : 1))
    const [plain, weighed] = [fitScale(values, INT4), fitScale(values, INT4, importance)]
    expect(errorOn(values, INT4, weighed, importance)).to.be.below(errorOn(values, INT4, plain, importance))
    expect(errorOn(values, INT4, weighed, importance)).to.be.at.most(1.15 * leastError(values, INT4, importance))
  })

  it('takes a range as it is where its values are on the grid', () => {
    const values = Float32Array.from([-7, -3, 0, 1, 2, 5, 7], (q) => q * 0.25)
    expect(fitScale(values, INT4)).to.deep.equal({scale: 0.25, zeroPoint: 0})
    const shifted = Float32Array.from([0, 3, 4, 9, 15], (q) => (q - 4) * 0.5)
    expect(fitScale(shifted, UINT4)).to.deep.equal({scale: 0.5, zeroPoint: 4})
  })

  it('turns the sign of the scale where the one lowest step more is of use', () => {
    const values = Float32Array.from([8, -7, 3, 1], (q) => q * 0.5)
    expect(fitScale(values, FULL)).to.deep.equal({scale: -0.5, zeroPoint: 0})
    expect(
      fitScale(
        values.map((value) => -value),
        FULL,
      ),
    ).to.deep.equal({scale: 0.5, zeroPoint: 0})
  })

  it('gives zeros no scale, and importance that is nowhere no say', () => {
    expect(fitScale(new Float32Array(8), INT4)).to.deep.equal({scale: 0, zeroPoint: 0})
    const values = heavy(2)
    expect(fitScale(values, INT4, new Float64Array(32))).to.deep.equal(fitScale(values, INT4))
  })

  it('gives usable scales for values that hardly are any', () => {
    const {scale} = fitScale(Float32Array.of(1e-30, -3e-31), INT4)
    expect(scale).to.be.closeTo(1e-30 / 7, 1e-31)
  })
})
