import {expect} from 'chai'
import {slicesOf, tensorOf, withSlices} from '../../src/ir/tensor.js'
import {widened} from '../../src/ir/widened.js'

/** Bits of 1, −2, the smallest subnormal, the largest number, infinity. */
const BITS = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00)
const NUMBERS = [1, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY]

describe('widened', () => {
  it('gives the numbers of a float16 tensor exactly, NaN and −0 among them', () => {
    const wide = widened(tensorOf('float16', [5], BITS))
    expect([wide.dtype, wide.shape]).to.deep.equal(['float32', [5]])
    expect(Array.from(wide.read() as Float32Array)).to.deep.equal(NUMBERS)
    const [nan, zero] = widened(tensorOf('float16', [2], Uint16Array.of(0x7e00, 0x8000))).read() as Float32Array
    expect(nan).to.be.NaN
    expect(Object.is(zero, -0)).to.equal(true)
  })

  it('is read in pieces where the tensor is, and only there', () => {
    const whole = tensorOf('float16', [5], BITS)
    expect(slicesOf(widened(whole))).to.equal(undefined)
    const pieces = slicesOf(widened(withSlices(whole, () => [BITS.subarray(0, 2), BITS.subarray(2)])))?.() ?? []
    expect([...pieces].map((piece) => Array.from(piece, Number))).to.deep.equal([NUMBERS.slice(0, 2), NUMBERS.slice(2)])
  })

  it('refuses what is no float16, bfloat16 too', () => {
    expect(() => widened(tensorOf('bfloat16', [5], BITS))).to.throw(TypeError, 'got bfloat16')
  })
})
