import {expect} from 'chai'
import {encodeModel} from '../../src/io/encode-model.js'
import {readModel} from '../../src/io/read-model.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {byteLengthOf, type DType} from '../../src/ir/dtype.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import {tensorOf} from '../../src/ir/tensor.js'
import {memorySource} from '../../src/proto/byte-source.js'
import {decode} from '../../src/proto/decode.js'
import {readForeign} from '../support/foreign-model.js'

describe('requiredIrVersion', () => {
  const versions: [DType, bigint][] = [
    ['float32', 8n],
    ['float8e4m3fn', 9n],
    ['int4', 10n],
    ['float4e2m1', 11n],
    ['float8e8m0', 12n],
    ['uint2', 13n],
  ]
  for (const [dtype, irVersion] of versions) {
    it(`makes a new weight of ${dtype} a file of IR ${irVersion} or above`, () => {
      const graph = new Graph()
      const build = new GraphBuilder(graph)
      const data = dtype === 'float32' ? new Float32Array(8) : new Uint8Array(byteLengthOf(dtype, 8))
      build.output(build.op('Identity', [build.constant(tensorOf(dtype, [8], data))]))
      expect(readForeign(encodeModel(emptyModel(graph))).irVersion).to.equal(irVersion)
    })
  }

  it('does not correct what a file says of the weights it came with', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    build.output(build.op('Identity', [build.constant(tensorOf('int4', [2], new Uint8Array(1)))]))
    const proto = decode('ModelProto', memorySource(encodeModel(emptyModel(graph))))
    const model = readModel({...proto, irVersion: 8n}, 'old.onnx')
    expect(readForeign(encodeModel(model)).irVersion).to.equal(8n)
  })
})
