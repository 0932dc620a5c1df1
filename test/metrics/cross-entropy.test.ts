import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {crossEntropy} from '../../src/metrics/cross-entropy.js'
import {equalsNumPy, LABELS, LOGITS} from './twelve-rows.js'

describe('crossEntropy', () => {
  const value = (outputs: Float32Array, shape: number[], labels: Float64Array) =>
    crossEntropy.compute(outputs, shape, labels).value

  equalsNumPy(crossEntropy, 2.81858053, 0.447868204747114)

  it('is the same for softmax outputs as for their logits', () => {
    const probabilities = LOGITS.map((logit, i) => {
      const row = LOGITS.subarray(i - (i % 4), i - (i % 4) + 4)
      return Math.exp(logit) / row.reduce((sum, other) => sum + Math.exp(other), 0)
    })
    expect(value(probabilities, [12, 4], LABELS)).to.be.closeTo(2.81858053, 1e-6)
  })

  it('stays finite for a probability of 0', () => {
    expect(value(Float32Array.of(1, 0), [1, 2], Float64Array.of(1))).to.be.closeTo(15.942385, 1e-6)
  })

  it('does not clip the loss of logits, however large', () => {
    expect(value(Float32Array.of(1000, 0), [1, 2], Float64Array.of(1))).to.be.closeTo(1000, 1e-9)
    expect(value(Float32Array.of(-1000), [1], Float64Array.of(1))).to.be.closeTo(1000, 1e-9)
  })

  it('takes the mean of the losses that count', () => {
    const nll = (row: number[], label: number) =>
      Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - (row[label] as number)
    const expected = (nll([1, 0, 2], 2) + nll([0, 3, 1], 0)) / 2
    const scores = Float32Array.from([1, 0, 2, 5, 1, 0, 0, 3, 1, 9, 8, 7])
    expect(value(scores, [2, 2, 3], Float64Array.of(2, -100, 0, -100))).to.be.closeTo(expected, 1e-6)
  })

  it('refuses labels below the classes', () => {
    const wrong = Float64Array.from(LABELS)
    wrong[5] = -1
    expect(() => value(LOGITS, [12, 4], wrong)).to.throw(DataError, 'got -1')
  })
})
