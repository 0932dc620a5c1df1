import {expect} from 'chai'
import {precision} from '../../src/metrics/precision.js'
import {equalsNumPy} from './twelve-rows.js'

describe('precision', () => {
  equalsNumPy(precision, 0.18333333, 3 / 5)

  it('is 0 where nothing was decided for the class', () => {
    expect(precision.compute(Float32Array.of(-1, -2), [2], Float64Array.of(1, 0))).to.deep.equal({value: 0})
  })

  it('has an interval for two classes, none for a mean over more', () => {
    const two = precision.compute(Float32Array.of(1, 1), [2], Float64Array.of(1, 0))
    expect(two.value).to.equal(0.5)
    // symmetric about a half: 0.5 ± z/(2√(n + z²))
    expect((two.low ?? 0) + (two.high ?? 0)).to.be.closeTo(1, 1e-12)
    const three = precision.compute(Float32Array.of(1, 0, 0, 0, 1, 0), [2, 3], Float64Array.of(0, 1))
    expect(three).to.deep.equal({value: 1})
  })
})
