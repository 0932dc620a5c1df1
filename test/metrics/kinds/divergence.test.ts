import {expect} from 'chai'
import {divergence} from '../../../src/metrics/kinds/divergence.js'

describe('divergence', () => {
  it('is that of the softmax of logits, and of probabilities as they are', () => {
    const row = {start: 0, count: 2, step: 1}
    // KL((1/2, 1/2) ‖ (1/4, 3/4)) = ln(2) − ln(3) / 2
    const wanted = Math.log(2) - Math.log(3) / 2
    expect(divergence(Float32Array.of(3, 3), Float32Array.of(0, Math.log(3)), row)).to.be.closeTo(wanted, 1e-6)
    expect(divergence(Float32Array.of(0.5, 0.5), Float32Array.of(0.25, 0.75), row)).to.be.closeTo(wanted, 1e-6)
  })

  it('is 0 of equal rows, finite where the other gives no chance, and reads scores that lie apart', () => {
    const row = {start: 0, count: 2, step: 1}
    expect(divergence(Float32Array.of(7, -2), Float32Array.of(7, -2), row)).to.equal(0)
    // a chance of 0 counts as 2^-23
    expect(divergence(Float32Array.of(1, 0), Float32Array.of(0, 1), row)).to.be.closeTo(23 * Math.log(2), 1e-9)
    const wanted = Math.log(2) - Math.log(3) / 2
    const apart = {start: 1, count: 2, step: 2}
    const [own, theirs] = [Float32Array.of(99, 3, 99, 3), Float32Array.of(99, 0, -99, Math.log(3))]
    expect(divergence(own, theirs, apart)).to.be.closeTo(wanted, 1e-6)
  })

  it('does not overflow for large logits', () => {
    const row = {start: 0, count: 2, step: 1}
    expect(divergence(Float32Array.of(1e4, 0), Float32Array.of(1e4, 0), row)).to.equal(0)
  })
})
