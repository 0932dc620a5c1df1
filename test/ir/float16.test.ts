import {expect} from 'chai'
import {fromFloat16, toFloat16} from '../../src/ir/float16.js'

describe('toFloat16', () => {
  it('gives back every finite half precision number', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      if ((bits & 0x7c00) === 0x7c00) continue
      const again = toFloat16(fromFloat16(bits))
      // the sign of zero is lost in the comparison of numbers, not in the bits
      if (again !== bits && (bits & 0x7fff) !== 0) expect.fail(`${bits} became ${again}`)
    }
  })

  // numpy.float16(x).view(numpy.uint16)
  const numpy: [value: number, bits: number][] = [
    [1 / 3, 0x3555],
    [2049, 0x6800],
    [2051, 0x6802],
    [65519, 0x7bff],
    [65520, 0x7c00],
    [-1e-8, 0x8000],
    [6.1035e-5, 0x0400],
    [0.99999, 0x3c00],
    [2 ** -25, 0],
    [3 * 2 ** -25, 2],
  ]
  for (const [value, bits] of numpy) {
    it(`rounds ${value} as NumPy does`, () => {
      expect(toFloat16(value)).to.equal(bits)
    })
  }
})

describe('fromFloat16', () => {
  it('knows infinity and NaN', () => {
    expect(fromFloat16(0xfc00)).to.equal(Number.NEGATIVE_INFINITY)
    expect(fromFloat16(0x7e00)).to.be.NaN
  })
})
