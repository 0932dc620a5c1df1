import {create, type MessageInitShape, toBinary} from '@bufbuild/protobuf'
import {expect} from 'chai'
import {TensorProtoSchema, TensorProto_DataType as Type} from 'onnx-buf'
import {ModelError} from '../../src/errors.js'
import {readTensor} from '../../src/io/read-tensor.js'
import type {TensorData} from '../../src/ir/dtype.js'
import type {Tensor} from '../../src/ir/tensor.js'
import {memorySource} from '../../src/proto/byte-source.js'
import {decode} from '../../src/proto/decode.js'

describe('readTensor', () => {
  const typed: [keyof typeof Type, MessageInitShape<typeof TensorProtoSchema>, TensorData][] = [
    ['FLOAT', {floatData: [1.5, -2]}, Float32Array.of(1.5, -2)],
    ['DOUBLE', {doubleData: [Math.PI, 1]}, Float64Array.of(Math.PI, 1)],
    ['INT32', {int32Data: [-1, 2 ** 31 - 1]}, Int32Array.of(-1, 2 ** 31 - 1)],
    ['INT8', {int32Data: [-128, 127]}, Int8Array.of(-128, 127)],
    ['UINT8', {int32Data: [0, 255]}, Uint8Array.of(0, 255)],
    ['UINT16', {int32Data: [1, 65535]}, Uint16Array.of(1, 65535)],
    ['BOOL', {int32Data: [1, 0]}, Uint8Array.of(1, 0)],
    ['FLOAT16', {int32Data: [0x3c00, 0xc000]}, Uint16Array.of(0x3c00, 0xc000)],
    ['BFLOAT16', {int32Data: [0x3f80, 0xbf80]}, Uint16Array.of(0x3f80, 0xbf80)],
    ['FLOAT8E4M3FN', {int32Data: [56, 184]}, Uint8Array.of(56, 184)],
    ['INT64', {int64Data: [-(2n ** 63n), 5n]}, BigInt64Array.of(-(2n ** 63n), 5n)],
    ['UINT64', {uint64Data: [2n ** 64n - 1n, 5n]}, BigUint64Array.of(2n ** 64n - 1n, 5n)],
    ['UINT32', {uint64Data: [2n ** 32n - 1n, 5n]}, Uint32Array.of(2 ** 32 - 1, 5)],
    ['COMPLEX64', {floatData: [1, 2, 3, 4]}, Float32Array.of(1, 2, 3, 4)],
    ['INT4', {int32Data: [0x2f]}, Uint8Array.of(0x2f)],
    ['STRING', {stringData: [Buffer.from('Zoë'), Buffer.from('')]}, ['Zoë', '']],
  ]
  for (const [type, data, expected] of typed) {
    it(`reads two elements of ${type} from the typed list`, () => {
      expect(tensor({dims: [2n], dataType: Type[type], ...data}).read()).to.deep.equal(expected)
    })
  }

  it('reads raw data, as a view where it is aligned and as a copy where not', () => {
    const values = Float32Array.of(1, 2, 3)
    const rawData = new Uint8Array(values.buffer)
    // names of different lengths shift the data by one byte each
    for (const name of ['', 'n', 'nn', 'nnn', 'nnnn']) {
      expect(tensor({name, dims: [3n], dataType: Type.FLOAT, rawData}).read()).to.deep.equal(values)
    }
  })

  it('reads a scalar and an empty tensor', () => {
    expect(tensor({dataType: Type.FLOAT, floatData: [7]}).read()).to.deep.equal(Float32Array.of(7))
    expect(tensor({dims: [0n, 3n], dataType: Type.FLOAT}).read()).to.deep.equal(new Float32Array(0))
  })

  it('packs an odd number of 4-bit and 2-bit elements into whole bytes', () => {
    const three = tensor({dims: [3n], dataType: Type.UINT4, rawData: Uint8Array.of(0x21, 0x03)})
    expect(three.read()).to.deep.equal(Uint8Array.of(0x21, 0x03))
    expect(tensor({dims: [5n], dataType: Type.INT2, rawData: Uint8Array.of(1, 2)}).dtype).to.equal('int2')
  })

  it('refuses a typed list whose count is wrong once it is read', () => {
    const many = tensor({name: 'w', dims: [2n], dataType: Type.INT32, int32Data: [1, 2, 3]})
    expect(() => many.read()).to.throw(ModelError, "model.onnx: tensor 'w': expected 2 numbers, got more")
    const few = tensor({name: 'w', dims: [3n], dataType: Type.INT64, int64Data: [-1n]})
    expect(() => few.read()).to.throw(ModelError, 'expected 3 numbers, got 1')
    const cut = Uint8Array.of(0x08, 1, 0x10, 7, 0x3a, 1, 0x80)
    expect(() => readTensor(decode('TensorProto', memorySource(cut)), 'model.onnx').read()).to.throw(
      ModelError,
      'end too early',
    )
  })
})

function tensor(init: MessageInitShape<typeof TensorProtoSchema>): Tensor {
  const bytes = toBinary(TensorProtoSchema, create(TensorProtoSchema, init))
  return readTensor(decode('TensorProto', memorySource(bytes)), 'model.onnx')
}
