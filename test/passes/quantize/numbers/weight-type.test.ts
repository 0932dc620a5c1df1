import {expect} from 'chai'
import {isPacked, packNibbles, WEIGHT_TYPES} from '../../../../src/passes/quantize/numbers/weight-type.js'

/** Copies each piece before the next is asked for: they share a buffer. */
function packed(...pieces: (Int8Array | Uint8Array)[]): number[] {
  const bytes: number[] = []
  for (const piece of packNibbles(pieces)) bytes.push(...piece)
  return bytes
}

describe('WEIGHT_TYPES', () => {
  it('holds zero in every type, signed ones symmetric', () => {
    for (const {dtype, low, high} of Object.values(WEIGHT_TYPES)) {
      expect(low, dtype).to.equal(dtype.startsWith('u') ? 0 : -high)
      expect(isPacked(WEIGHT_TYPES[dtype]), dtype).to.equal(high <= 15)
    }
  })
})

describe('packNibbles', () => {
  it('puts the first of two elements into the low nibble', () => {
    expect(packed(Uint8Array.of(1, 2, 15, 0))).to.deep.equal([0x21, 0x0f])
  })

  it("writes negative elements as two's complement", () => {
    expect(packed(Int8Array.of(-1, -7, 7, -8))).to.deep.equal([0x9f, 0x87])
  })

  it('joins pieces of odd length, and leaves a last odd element alone', () => {
    const whole = packed(Uint8Array.of(1, 2, 3, 4, 5, 6, 7))
    expect(whole).to.deep.equal([0x21, 0x43, 0x65, 0x07])
    expect(packed(Uint8Array.of(1), Uint8Array.of(2, 3, 4), Uint8Array.of(), Uint8Array.of(5, 6, 7))).to.deep.equal(
      whole,
    )
  })

  it('packs nothing into nothing', () => {
    expect(packed()).to.deep.equal([])
    expect(packed(Uint8Array.of())).to.deep.equal([])
  })
})
