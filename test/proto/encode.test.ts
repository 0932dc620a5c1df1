import {create, toBinary} from '@bufbuild/protobuf'
import {expect} from 'chai'
import {AttributeProto_AttributeType, ModelProtoSchema, TensorProto_DataType} from 'onnx-buf'
import {memorySource} from '../../src/proto/byte-source.js'
import type {ByteSpan} from '../../src/proto/byte-span.js'
import {decode} from '../../src/proto/decode.js'
import {encode, join} from '../../src/proto/encode.js'
import {readForeign} from '../support/foreign-model.js'

/** What came with IR 9 to 13, and the corners no exporter uses. */
const NEWEST = create(ModelProtoSchema, {
  irVersion: 13n,
  producerName: 'tester',
  modelVersion: -1n,
  opsetImport: [{version: 26n}, {domain: 'com.example', version: 1n}],
  metadataProps: [{key: 'author', value: 'Zoë'}],
  configuration: [{name: 'two', numDevices: 2, device: ['a', 'b']}],
  functions: [
    {
      name: 'f',
      domain: 'com.example',
      overload: 'fast',
      input: ['a'],
      output: ['b'],
      attributeProto: [{name: 'alpha', type: AttributeProto_AttributeType.FLOAT, f: 0.5}],
      node: [{opType: 'Relu', input: ['a'], output: ['b'], metadataProps: [{key: 'k', value: 'v'}]}],
      valueInfo: [{name: 'b', metadataProps: [{key: 'k', value: 'v'}]}],
      metadataProps: [{key: 'k', value: 'v'}],
    },
  ],
  trainingInfo: [{algorithm: {name: 'step'}, updateBinding: [{key: 'w', value: 'w2'}]}],
  graph: {
    metadataProps: [{key: 'k', value: 'v'}],
    node: [
      {
        opType: 'f',
        domain: 'com.example',
        overload: 'fast',
        deviceConfigurations: [
          {
            configurationId: 'two',
            pipelineStage: 1,
            shardingSpec: [
              {
                tensorName: 'w',
                device: [0n, 1n],
                indexToDeviceGroupMap: [{key: 1n, value: [0n, 1n]}],
                shardedDim: [{axis: -1n, simpleSharding: [{dim: {case: 'dimParam', value: 'N'}, numShards: 2n}]}],
              },
            ],
          },
        ],
      },
    ],
    initializer: [
      {name: 'w', dims: [3n], dataType: TensorProto_DataType.INT2, rawData: Uint8Array.of(0x2d)},
      {name: 'm', dims: [2n], dataType: TensorProto_DataType.FLOAT4E2M1, metadataProps: [{key: 'k', value: 'v'}]},
      {name: 'f', dims: [2n], dataType: TensorProto_DataType.FLOAT, floatData: [1.5, -0]},
      {name: 'd', dims: [1n], dataType: TensorProto_DataType.DOUBLE, doubleData: [Math.PI]},
      {name: 'i', dims: [2n], dataType: TensorProto_DataType.INT32, int32Data: [-1, 7]},
      {name: 'u', dims: [1n], dataType: TensorProto_DataType.UINT64, uint64Data: [2n ** 64n - 1n]},
    ],
    sparseInitializer: [{values: {name: 's'}, indices: {dims: [0n]}, dims: [4n, 4n]}],
    quantizationAnnotation: [{tensorName: 'w', quantParameterTensorNames: [{key: 'SCALE_TENSOR', value: 'm'}]}],
  },
})

describe('encode', () => {
  it('gives byte for byte what onnx-buf wrote, for every message up to IR 13', () => {
    const theirs = toBinary(ModelProtoSchema, NEWEST)
    const ours = join(encode('ModelProto', decode('ModelProto', memorySource(theirs))))
    expect(readForeign(ours)).to.deep.equal(NEWEST)
    expect(Buffer.from(ours)).to.deep.equal(Buffer.from(theirs))
  })

  it('does not read a large span, and puts its length in front of it', () => {
    let reads = 0
    const rawData: ByteSpan = {
      byteLength: 10_000,
      read: () => {
        reads++
        return new Uint8Array(10_000).fill(7)
      },
    }
    const encoded = encode('ModelProto', {graph: {initializer: [{name: 'w', rawData}]}})
    expect(reads).to.equal(0)
    expect(encoded.parts).to.include(rawData)
    const back = readForeign(join(encoded)).graph?.initializer[0]
    expect(back?.rawData).to.have.length(10_000)
    expect(back?.rawData[9999]).to.equal(7)
    expect(reads).to.equal(1)
  })
})
