import {create, toBinary} from '@bufbuild/protobuf'
import {expect} from 'chai'
import {GraphProtoSchema, TensorProtoSchema} from 'onnx-buf'
import {memorySource} from '../../src/proto/byte-source.js'
import {decode, MAX_DEPTH} from '../../src/proto/decode.js'
import {encode, join} from '../../src/proto/encode.js'
import type {Messages} from '../../src/proto/messages.js'
import {WireError} from '../../src/proto/wire-error.js'

describe('decode', () => {
  it('keeps fields it does not know, at every level, and encode writes them back', () => {
    const unknown = Uint8Array.of(0xa0, 0x9c, 0x01, 0x2a, 0xaa, 0x9c, 0x01, 0x02, 0x68, 0x69)
    const tensor = Buffer.concat([toBinary(TensorProtoSchema, create(TensorProtoSchema, {name: 'w'})), unknown])
    const graph = Buffer.concat([Uint8Array.of(0x2a, tensor.length), tensor, unknown])
    const model = Buffer.concat([Uint8Array.of(0x08, 0x08, 0x3a, graph.length), graph, unknown])

    const message = read('ModelProto', model)

    expect(message.unknownFields).to.have.length(2)
    expect(message.graph?.unknownFields).to.have.length(2)
    expect(message.graph?.initializer?.[0]?.unknownFields).to.have.length(2)
    expect(Buffer.from(join(encode('ModelProto', message)))).to.deep.equal(model)
  })

  it('gives bytes as views of the buffer', () => {
    const bytes = toBinary(TensorProtoSchema, create(TensorProtoSchema, {rawData: Uint8Array.of(1, 2, 3, 4)}))
    const {rawData} = read('TensorProto', bytes)
    expect(rawData).to.be.instanceOf(Uint8Array)
    expect((rawData as Uint8Array).buffer).to.equal(bytes.buffer)
  })

  it('reads both ends of int64', () => {
    const dims = [2n ** 63n - 1n, -(2n ** 63n), -1n, 0n]
    const bytes = toBinary(TensorProtoSchema, create(TensorProtoSchema, {dims}))
    expect(read('TensorProto', bytes).dims).to.deep.equal(dims)
    expect(Buffer.from(join(encode('TensorProto', {dims})))).to.deep.equal(Buffer.from(bytes))
  })

  it('reads a list whether it is packed or not, against the schema', () => {
    const packedDims = Uint8Array.of(0x0a, 0x02, 3, 4)
    expect(read('TensorProto', packedDims).dims).to.deep.equal([3n, 4n])
    const looseInts = Uint8Array.of(0x28, 7, 0x28, 8)
    expect(read('TensorProto', looseInts).int32Data?.map((block) => [...(block as Uint8Array)])).to.deep.equal([
      [7],
      [8],
    ])
  })

  it('refuses a field that claims more bytes than are left, before it takes them', () => {
    expect(() => read('TensorProto', Uint8Array.of(0x4a, 0xff, 0xff, 0xff, 0x7f, 1))).to.throw(
      WireError,
      'a field claims 268435455 bytes where 1 are left at byte 5',
    )
  })

  it('refuses bytes that end inside a field', () => {
    const bytes = toBinary(GraphProtoSchema, create(GraphProtoSchema, {name: 'graph', docString: 'a graph'}))
    expect(() => read('GraphProto', bytes.subarray(0, bytes.length - 3))).to.throw(WireError)
    expect(() => read('TensorProto', Uint8Array.of(0x10))).to.throw(WireError, 'the bytes end too early')
  })

  it('refuses messages nested deeper than any reader allows', () => {
    const nested = (depth: number): Uint8Array => {
      let bytes: Uint8Array = new Uint8Array(0)
      // a sequence of a sequence of …: two messages a level
      for (let level = 0; level < depth; level++) bytes = wrap(0x22, wrap(0x0a, bytes))
      return bytes
    }
    expect(() => read('TypeProto', nested(MAX_DEPTH / 2))).not.to.throw()
    expect(() => read('TypeProto', nested(MAX_DEPTH / 2 + 1))).to.throw(WireError, 'nested deeper')
  })
})

function read<K extends keyof Messages>(name: K, bytes: Uint8Array): Messages[K] {
  return decode(name, memorySource(bytes))
}

function wrap(tag: number, bytes: Uint8Array): Uint8Array {
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7]
  return Buffer.concat([Uint8Array.of(tag, ...length), bytes])
}
