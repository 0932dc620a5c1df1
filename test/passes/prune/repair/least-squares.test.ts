import {expect} from 'chai'
import {fitFewRows} from '../../../../src/passes/prune/repair/few-rows.js'
import {type Gram, leastSquares, residualOf} from '../../../../src/passes/prune/repair/least-squares.js'
import {randomFloats} from '../../../support/pass-trial.js'

const [INPUTS, TARGETS] = [5, 2]

/** y = Wᵀx + b, and noise. */
function rowsOf(count: number, noise = 0, inputs = INPUTS) {
  const [weights, bias] = [randomFloats(inputs * TARGETS, 7), [3, -1]]
  const x = randomFloats(count * inputs, 1)
  const errors = randomFloats(count * TARGETS, 2, noise)
  const y = Float32Array.from({length: count * TARGETS}, (_, at) => {
    const [row, t] = [Math.floor(at / TARGETS), at % TARGETS]
    let sum = (bias[t] as number) + (errors[at] as number)
    for (let i = 0; i < inputs; i++) sum += (x[row * inputs + i] as number) * (weights[i * TARGETS + t] as number)
    return sum
  })
  return {x, y, weights, bias}
}

function gramOf(x: Float32Array, y: Float32Array, count: number): Gram {
  const gram = {
    ...{inputs: INPUTS, targets: TARGETS, rows: count},
    products: new Float64Array(INPUTS * INPUTS),
    cross: new Float64Array(INPUTS * TARGETS),
    inputSums: new Float64Array(INPUTS),
    targetSums: new Float64Array(TARGETS),
  }
  const add = (sums: Float64Array, at: number, value: number) => {
    sums[at] = (sums[at] as number) + value
  }
  for (let row = 0; row < count; row++) {
    const [own, theirs] = [x.subarray(row * INPUTS, (row + 1) * INPUTS), y.subarray(row * TARGETS, (row + 1) * TARGETS)]
    own.forEach((a, i) => {
      add(gram.inputSums, i, a)
      for (const [j, b] of own.entries()) add(gram.products, i * INPUTS + j, a * b)
      for (const [t, b] of theirs.entries()) add(gram.cross, i * TARGETS + t, a * b)
    })
    for (const [t, b] of theirs.entries()) add(gram.targetSums, t, b)
  }
  return gram
}

describe('leastSquares', () => {
  it('finds the weights and the intercept that made the rows', () => {
    const {x, y, weights, bias} = rowsOf(200)
    const fit = leastSquares(gramOf(x, y, 200), 1e-9)
    fit?.weights.forEach((value, i) => {
      expect(value).to.be.closeTo(weights[i] as number, 1e-5)
    })
    fit?.intercept.forEach((value, t) => {
      expect(value).to.be.closeTo(bias[t] as number, 1e-5)
    })
  })

  it('says by the sums alone what is left, the squares of the targets aside', () => {
    const {x, y} = rowsOf(50, 0.3)
    const gram = gramOf(x, y, 50)
    const fit = leastSquares(gram, 0.01)
    if (!fit) throw new Error('not fitted')
    let [error, squares] = [0, 0]
    y.forEach((value, at) => {
      const [row, t] = [Math.floor(at / TARGETS), at % TARGETS]
      let sum = fit.intercept[t] as number
      for (let i = 0; i < INPUTS; i++) sum += (x[row * INPUTS + i] as number) * (fit.weights[i * TARGETS + t] as number)
      error += (value - sum) ** 2
      squares += value ** 2
    })
    expect(residualOf(gram, fit)).to.be.closeTo(error - squares, 1e-6 * squares)
  })

  it('gives up where inputs are constant or no numbers', () => {
    const constant = gramOf(new Float32Array(50 * INPUTS).fill(2), rowsOf(50).y, 50)
    expect(leastSquares(constant, 1e-4)).to.equal(undefined)
    const broken = gramOf(new Float32Array(50 * INPUTS).fill(Number.NaN), rowsOf(50).y, 50)
    expect(leastSquares(broken, 1e-4)).to.equal(undefined)
  })
})

describe('fitFewRows', () => {
  const WIDE = 80

  it('keeps a prior that is right, and betters one that is not', () => {
    const {x, y, weights} = rowsOf(40, 0, WIDE)
    const rows = {inputs: WIDE, targets: TARGETS, count: 40, x, y}
    const right = fitFewRows(rows, Float64Array.from(weights))
    right.weights.forEach((value, i) => {
      expect(value).to.be.closeTo(weights[i] as number, 1e-4)
    })
    expect(right.intercept[0]).to.be.closeTo(3, 1e-4)
    const off = (found: ArrayLike<number>) =>
      Array.from(found).reduce((sum, value, i) => sum + (value - (weights[i] as number)) ** 2, 0)
    const near = Float64Array.from(weights, (value, i) => value + (i % 2 === 0 ? 0.3 : -0.3))
    expect(off(fitFewRows(rows, near).weights)).to.be.below(0.8 * off(near))
  })

  it('lets rows that are noise alone leave the prior as it is', () => {
    const rows = {inputs: WIDE, targets: TARGETS, count: 40, x: randomFloats(40 * WIDE, 3), y: randomFloats(80, 4)}
    const prior = new Float64Array(WIDE * TARGETS)
    const size = fitFewRows(rows, prior).weights.reduce((sum, value) => sum + value ** 2, 0)
    expect(size).to.be.below(0.1)
  })
})
