import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {perplexity} from '../../src/metrics/perplexity.js'
import {equalsNumPy, LABELS, LOGITS} from './twelve-rows.js'

describe('perplexity', () => {
  const value = (outputs: number[], shape: number[], labels: number[]) =>
    perplexity.compute(Float32Array.from(outputs), shape, Float64Array.from(labels)).value

  equalsNumPy(perplexity, Math.exp(2.81858053), Math.exp(0.447868204747114))

  it('is the number of tokens where all are equally likely', () => {
    expect(value(Array(30).fill(0.5), [2, 3, 5], [0, 1, 2, 3, 4, 0])).to.be.closeTo(5, 1e-9)
  })

  it('takes the geometric mean over the tokens of all samples, and leaves out those of -100', () => {
    const scores = [0.5, 0.25, 0.25, 0.1, 0.1, 0.8, 0.2, 0.6, 0.2, 0.9, 0.05, 0.05].map(Math.log)
    expect(value(scores, [2, 2, 3], [0, 2, 1, -100])).to.be.closeTo((0.5 * 0.8 * 0.6) ** (-1 / 3), 1e-5)
  })

  it('refuses a token that the vocabulary does not have', () => {
    expect(() => value(Array(6).fill(0), [1, 2, 3], [0, 3])).to.throw(DataError, 'got 3')
    expect(() =>
      perplexity.compute(
        LOGITS,
        [12, 4],
        LABELS.map((label) => label + 9),
      ),
    ).to.throw(DataError)
  })
})
