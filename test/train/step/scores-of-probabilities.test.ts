import {expect} from 'chai'
import {ScoresOfProbabilities} from '../../../src/train/step/scores-of-probabilities.js'

describe('ScoresOfProbabilities', () => {
  it('gives scores back whose softmax is what they were', () => {
    const scores = new ScoresOfProbabilities('classes')
    const [a = 0, b = 0, c = 0] = scores.of(Float32Array.of(0.2, 0.5, 0.3), [3])
    const sum = Math.exp(a) + Math.exp(b) + Math.exp(c)
    expect(Math.exp(b) / sum).to.be.closeTo(0.5, 1e-6)
    expect(scores.isProbability).to.equal(true)
  })

  it('gives scores back whose sigmoid is what they were', () => {
    const [score = 0] = new ScoresOfProbabilities('decisions').of(Float32Array.of(0.9), [1])
    expect(1 / (1 + Math.exp(-score))).to.be.closeTo(0.9, 1e-6)
  })

  it('never gives infinity', () => {
    const values = [...new ScoresOfProbabilities('classes').of(Float32Array.of(0, 1), [2])]
    values.push(...new ScoresOfProbabilities('decisions').of(Float32Array.of(0, 1), [1]))
    expect(values.every(Number.isFinite)).to.equal(true)
  })

  it('leaves scores and plain numbers as they are', () => {
    for (const [kind, values] of [
      ['classes', [0.2, 0.5, 0.4]],
      ['classes', [-1, 1, 1]],
      ['decisions', [0.5, 1.5, 0]],
      ['numbers', [0.2, 0.5, 0.3]],
    ] as const) {
      const given = Float32Array.from(values)
      expect(new ScoresOfProbabilities(kind).of(given, [3]), `${kind} ${values}`).to.equal(given)
    }
  })

  it('decides by the first batch, so that all rows mean the same', () => {
    const scores = new ScoresOfProbabilities('classes')
    scores.of(Float32Array.of(2, -1), [2])
    const second = Float32Array.of(0.5, 0.5)
    expect(scores.of(second, [2])).to.equal(second)
  })
})
