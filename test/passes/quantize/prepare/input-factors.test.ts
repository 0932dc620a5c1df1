import {expect} from 'chai'
import {awqFactors, smoothFactors} from '../../../../src/passes/quantize/prepare/input-factors.js'

describe('awqFactors', () => {
  it('follow the root of the mean squares, to the power of alpha, around 1', () => {
    expect([...awqFactors(Float64Array.of(1, 4, 16), 1)]).to.deep.equal([0.5, 1, 2])
    expect([...awqFactors(Float64Array.of(1, 16, 256), 0.5)]).to.deep.equal([0.5, 1, 2])
    expect([...awqFactors(Float64Array.of(1, 4, 16), 0)]).to.deep.equal([1, 1, 1])
  })

  it('leave inputs alone that are always 0', () => {
    expect([...awqFactors(Float64Array.of(0, 1, 16), 1)]).to.deep.equal([1, 0.5, 2])
    expect([...awqFactors(Float64Array.of(0, 0), 1)]).to.deep.equal([1, 1])
  })
})

describe('smoothFactors', () => {
  it('share the difference between inputs and weights out', () => {
    // √16 / √1 and √1 / √1, and √(4 · 1) in the middle
    expect([...smoothFactors(Float64Array.of(16, 1), Float64Array.of(1, 1), 0.5)]).to.deep.equal([2, 0.5])
    expect([...smoothFactors(Float64Array.of(1, 1), Float64Array.of(1, 16), 0.5)]).to.deep.equal([2, 0.5])
  })

  it('leave channels alone whose weights are all 0, and keep within 2^10', () => {
    const factors = smoothFactors(Float64Array.of(1, 16, 1), Float64Array.of(0, 1, 1), 0.5)
    expect([...factors]).to.deep.equal([1, 2, 0.5])
    const wide = smoothFactors(Float64Array.of(1e12, 1e-12), Float64Array.of(1, 1), 1)
    expect([...wide]).to.deep.equal([2 ** 10, 2 ** -10])
  })
})
