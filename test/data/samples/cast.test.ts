import {expect} from 'chai'
import {castTo} from '../../../src/data/samples/cast.js'
import {UnsupportedError} from '../../../src/errors.js'
import type {DType, TypedArray} from '../../../src/ir/dtype.js'

function refuse(element: number, expected: string, got: string): never {
  throw new RangeError(`${element}: ${expected}, ${got}`)
}

const cast = (data: TypedArray, from: DType, to: DType) => castTo(from, to, 'x')(data, refuse)

describe('castTo', () => {
  it('changes the type and keeps the values', () => {
    expect(cast(Int32Array.of(-1, 5), 'int32', 'int64')).to.deep.equal(BigInt64Array.of(-1n, 5n))
    expect(cast(BigInt64Array.of(-1n, 5n), 'int64', 'float32')).to.deep.equal(Float32Array.of(-1, 5))
    expect(cast(Float64Array.of(3, -4), 'float64', 'int8')).to.deep.equal(Int8Array.of(3, -4))
    expect(cast(Uint8Array.of(0, 1), 'uint8', 'bool')).to.deep.equal(Uint8Array.of(0, 1))
    expect(cast(BigUint64Array.of(7n), 'uint64', 'int64')).to.deep.equal(BigInt64Array.of(7n))
  })

  const refused: [data: TypedArray, from: DType, to: DType, message: string][] = [
    [
      Float32Array.of(0, 1.5),
      'float32',
      'int64',
      '1: integers in -9223372036854775808..9223372036854775807 for int64, 1.5',
    ],
    [Float32Array.of(Number.NaN), 'float32', 'int32', '0: integers in -2147483648..2147483647 for int32, NaN'],
    [Int32Array.of(-1), 'int32', 'uint8', '0: integers in 0..255 for uint8, -1'],
    [BigUint64Array.of(2n ** 63n), 'uint64', 'int64', '9223372036854775808'],
    [Float64Array.of(2 ** 63), 'float64', 'int64', '9223372036854775808'],
    [Uint8Array.of(2), 'uint8', 'bool', '0: integers in 0..1 for bool, 2'],
    [Float64Array.of(1e300), 'float64', 'float32', '0: numbers in the range of float32, 1e+300'],
    [Float32Array.of(65520), 'float32', 'float16', '0: numbers in the range of float16, 65520'],
    [Uint16Array.of(0x7c00), 'float16', 'float16', '0: finite numbers, Infinity'],
  ]
  for (const [data, from, to, message] of refused) {
    it(`refuses ${data[0]} of ${from} for ${to}`, () => {
      expect(() => cast(data, from, to)).to.throw(RangeError, message)
    })
  }

  it('refuses types no data format has', () => {
    expect(() => castTo('float32', 'int4', 'x')).to.throw(UnsupportedError, "input 'x': no data format gives int4")
  })
})
