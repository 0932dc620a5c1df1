import {expect} from 'chai'
import {arrayTypeOf, BITS, byteLengthOf, DTYPE_BY_CODE, type DType, dtypeCode, isFloat} from '../../src/ir/dtype.js'

describe('dtypeCode', () => {
  it('is the number of onnx.proto', () => {
    const codes = {
      float32: 1,
      int8: 3,
      int64: 7,
      string: 8,
      bool: 9,
      float16: 10,
      bfloat16: 16,
      int4: 22,
      float4e2m1: 23,
    }
    for (const [dtype, code] of Object.entries(codes)) expect(dtypeCode(dtype as DType), dtype).to.equal(code)
  })

  it('is turned back by DTYPE_BY_CODE, which knows nothing of 0', () => {
    for (const dtype of Object.keys(BITS) as DType[]) expect(DTYPE_BY_CODE[dtypeCode(dtype)]).to.equal(dtype)
    expect(DTYPE_BY_CODE[0]).to.equal(undefined)
  })
})

describe('byteLengthOf', () => {
  it('rounds packed types up to whole bytes', () => {
    expect([0, 1, 2, 3].map((count) => byteLengthOf('int4', count))).to.deep.equal([0, 1, 1, 2])
    expect([1, 4, 5].map((count) => byteLengthOf('uint2', count))).to.deep.equal([1, 1, 2])
  })

  it('counts both parts of a complex number, and no bytes for text', () => {
    expect(byteLengthOf('complex64', 3)).to.equal(24)
    expect(byteLengthOf('string', 3)).to.equal(0)
  })
})

describe('arrayTypeOf', () => {
  it('keeps halves as their bits, and what has no array of its own as bytes', () => {
    expect(arrayTypeOf('float16')).to.equal(Uint16Array)
    expect(arrayTypeOf('bfloat16')).to.equal(Uint16Array)
    for (const dtype of ['bool', 'int4', 'float8e4m3fn'] as const) expect(arrayTypeOf(dtype)).to.equal(Uint8Array)
  })

  it('has elements as wide as the file has, for all types that are not packed', () => {
    for (const [dtype, bits] of Object.entries(BITS)) {
      const isComplex = dtype.startsWith('complex')
      if (bits < 8) continue
      expect(arrayTypeOf(dtype as DType).BYTES_PER_ELEMENT * 8 * (isComplex ? 2 : 1), dtype).to.equal(bits)
    }
  })
})

describe('isFloat', () => {
  it('holds for the types that networks are trained in', () => {
    const dtypes = (Object.keys(BITS) as DType[]).filter(isFloat)
    expect(dtypes).to.have.members(['float32', 'float64', 'float16', 'bfloat16'])
  })
})
