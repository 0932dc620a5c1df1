import {expect} from 'chai'
import {logProbabilities} from '../../src/metrics/probabilities.js'

describe('logProbabilities', () => {
  const of = (outputs: number[], shape: number[]) => [...logProbabilities(Float32Array.from(outputs), shape).logs]

  it('takes rows of logits through the softmax', () => {
    const [first = 0, second = 0] = of([Math.log(3), 0], [1, 2])
    expect(Math.exp(first)).to.be.closeTo(3 / 4, 1e-6)
    expect(Math.exp(second)).to.be.closeTo(1 / 4, 1e-6)
  })

  it('leaves probabilities as they are only where every row sums to 1', () => {
    expect(of([0.25, 0.75], [1, 2])).to.deep.equal([Math.log(0.25), Math.log(0.75)])
    const [first = 0, second = 0] = of([0.5, 0.5, 0.5, 0.6], [2, 2])
    expect(first).to.be.closeTo(Math.log(0.5), 1e-9)
    expect(second).to.be.closeTo(Math.log(0.5), 1e-9)
  })

  it('makes two classes of a single score', () => {
    expect(of([0.25], [1])).to.deep.equal([Math.log(0.75), Math.log(0.25)])
    const [no = 0, yes = 0] = of([2], [1, 1])
    expect(yes).to.be.closeTo(-Math.log(1 + Math.exp(-2)), 1e-12)
    expect(no).to.be.closeTo(-Math.log(1 + Math.exp(2)), 1e-12)
  })

  it('stays finite on both sides of large logits', () => {
    expect(of([1000, -1000], [2])).to.deep.equal([-1000, -0, -0, -1000])
    expect(of([1e4, 0], [1, 2])).to.deep.equal([0, -1e4])
  })
})
