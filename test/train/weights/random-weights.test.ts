import {expect} from 'chai'
import {normal, uniform} from '../../../src/train/weights/random-weights.js'

const COUNT = 20_000
const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const deviation = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)

describe('uniform', () => {
  it('is spread evenly within its bound', () => {
    const values = uniform([COUNT], 0.5, 1)
    for (const value of values) expect(Math.abs(value)).to.be.at.most(0.5)
    // six standard errors
    expect(Math.abs(mean(values))).to.be.below((6 * 0.5) / Math.sqrt(3 * COUNT))
    expect(deviation(values)).to.be.closeTo(0.5 / Math.sqrt(3), 0.01)
  })
})

describe('normal', () => {
  it('has the deviation that was asked for, and no value that is not finite', () => {
    const values = normal([COUNT], 2, 1)
    expect(values.every(Number.isFinite)).to.equal(true)
    expect(Math.abs(mean(values))).to.be.below((6 * 2) / Math.sqrt(COUNT))
    expect(deviation(values)).to.be.closeTo(2, 0.08)
    const within = values.filter((value) => Math.abs(value) < 2).length / COUNT
    expect(within).to.be.closeTo(0.6827, 0.02)
  })
})

describe('both', () => {
  it('are the same for the same seed, and others for another', () => {
    for (const make of [uniform, normal]) {
      expect(make([3, 4], 1, 7)).to.deep.equal(make([3, 4], 1, 7))
      expect(make([3, 4], 1, 7)).not.to.deep.equal(make([3, 4], 1, 8))
    }
  })

  it('have one value of a scalar, and none of an empty shape', () => {
    expect([uniform([], 1, 1).length, normal([2, 0], 1, 1).length]).to.deep.equal([1, 0])
  })
})
