import {expect} from 'chai'
import {applyMask, maskOfZeros} from '../../../src/train/loop/weight-mask.js'

describe('maskOfZeros', () => {
  it('holds what is zero at the start, of either sign', () => {
    expect(maskOfZeros(Float32Array.of(1, 0, -0, 2))).to.deep.equal(Uint8Array.of(1, 0, 0, 1))
  })

  it('is nothing for a tensor without zeros', () => {
    expect(maskOfZeros(Float32Array.of(1, 2))).to.equal(undefined)
  })
})

describe('applyMask', () => {
  it('puts back to zero what has moved', () => {
    const weight = Float32Array.of(1, 5, 2)
    applyMask(weight, Uint8Array.of(1, 0, 1))
    expect([...weight]).to.deep.equal([1, 0, 2])
  })
})
