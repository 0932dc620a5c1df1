import {expect} from 'chai'
import {Difference} from '../../../src/runtime/compare/difference.js'

describe('Difference', () => {
  const between = (reference: number[], other: number[]) => {
    const difference = new Difference()
    difference.add(Float32Array.from(reference), Float32Array.from(other))
    return difference.result()
  }

  it('computes largest error, cosine and signal to noise', () => {
    const {maxAbs, cosine, sqnrDb} = between([3, 4], [4, 3])
    expect(maxAbs).to.equal(1)
    expect(cosine).to.be.closeTo(24 / 25, 1e-12)
    expect(sqnrDb).to.be.closeTo(10 * Math.log10(25 / 2), 1e-12)
  })

  it('has no finite signal to noise between equal outputs', () => {
    expect(between([1, 0], [1, 0])).to.deep.equal({
      maxAbs: 0,
      cosine: 1,
      sqnrDb: null,
      nonFinite: 0,
      outside: 0,
    })
    expect(between([0, 0], [0, 0]).cosine).to.equal(1)
  })

  it('takes a lost output for orthogonal', () => {
    expect(between([1, 2], [0, 0])).to.include({cosine: 0, sqnrDb: 0})
  })

  it('reports NaN and infinity on one side, and accepts the same on both', () => {
    const inf = Number.POSITIVE_INFINITY
    const onlyOther = {maxAbs: null, cosine: null, sqnrDb: null, nonFinite: 1, outside: 0}
    expect(between([1, 2], [1, Number.NaN])).to.deep.equal(onlyOther)
    expect(between([1, inf], [1, -inf])).to.deep.equal(onlyOther)
    expect(between([Number.NaN, inf, 3], [Number.NaN, inf, 3])).to.include({maxAbs: 0, nonFinite: 0})
  })

  it('counts elements outside of a tolerance, small ones beside large ones by the size of the output', () => {
    const outside = (reference: number[], other: number[]) => {
      const difference = new Difference({rtol: 1e-4, atol: 1e-5})
      difference.add(Float32Array.from(reference), Float32Array.from(other))
      return difference.result().outside
    }
    expect(outside([1, 2], [1.00005, 2.0001])).to.equal(0)
    expect(outside([1, 2], [1.001, 2.0001])).to.equal(1)
    expect(outside([0, 1000], [0.05, 1000])).to.equal(0)
    expect(outside([0, 0.1], [0.0001, 0.1])).to.equal(1)
    expect(outside([Number.NaN, Number.POSITIVE_INFINITY], [Number.NaN, Number.POSITIVE_INFINITY])).to.equal(0)
    expect(outside([Number.NaN, 1], [0, Number.POSITIVE_INFINITY])).to.equal(2)
  })
})
