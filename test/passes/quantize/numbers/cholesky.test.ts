import {expect} from 'chai'
import {invertedFactor} from '../../../../src/passes/quantize/numbers/cholesky.js'
import {randomFloats} from '../../../support/pass-trial.js'

/** A·Aᵀ + size of random numbers: symmetric and far from singular. */
function positive(size: number): Float64Array {
  const a = randomFloats(size * size, size)
  return Float64Array.from({length: size * size}, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size]
    let sum = i === j ? 0.5 : 0
    for (let k = 0; k < size; k++) sum += (a[i * size + k] as number) * (a[j * size + k] as number)
    return sum
  })
}

describe('invertedFactor', () => {
  for (const size of [1, 2, 3, 7, 40]) {
    it(`gives an upper U with UᵀU·H = 1 for ${size} rows`, () => {
      const matrix = positive(size)
      const factor = matrix.slice()
      expect(invertedFactor(factor, size)).to.equal(true)
      const at = (m: Float64Array, i: number, j: number) => m[i * size + j] as number
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < i; j++) expect(at(factor, i, j)).to.equal(0)
        for (let j = 0; j < size; j++) {
          let product = 0
          for (let k = 0; k < size; k++) {
            let inverse = 0
            for (let l = 0; l < size; l++) inverse += at(factor, l, i) * at(factor, l, k)
            product += inverse * at(matrix, k, j)
          }
          expect(product).to.be.closeTo(i === j ? 1 : 0, 1e-9)
        }
      }
    })
  }

  it('gives the numbers of a matrix inverted by hand', () => {
    // H = [[4, 2], [2, 2]], its inverse [[0.5, -0.5], [-0.5, 1]], and that is UᵀU
    const factor = Float64Array.of(4, 2, 2, 2)
    invertedFactor(factor, 2)
    const [a, b, zero, d] = factor as unknown as [number, number, number, number]
    expect(zero).to.equal(0)
    expect([a * a, a * b, b * b + d * d].map((value) => Math.round(1e12 * value) / 1e12)).to.deep.equal([0.5, -0.5, 1])
  })

  it('says that a matrix is not positive definite', () => {
    expect(invertedFactor(Float64Array.of(1, 2, 2, 1), 2)).to.equal(false)
    expect(invertedFactor(Float64Array.of(0), 1)).to.equal(false)
    expect(invertedFactor(Float64Array.of(Number.NaN), 1)).to.equal(false)
  })
})
