import {expect} from 'chai'
import {constantTensor} from '../../src/io/constant-node.js'
import type {AttributeProto, NodeProto} from '../../src/proto/messages.js'

const constantOf = (attribute: AttributeProto, more: NodeProto = {}) =>
  constantTensor({opType: 'Constant', output: ['c'], attribute: [attribute], ...more}, 'model.onnx')

describe('constantTensor', () => {
  it('reads every dense form of a Constant', () => {
    const forms: [AttributeProto, string, number[], unknown][] = [
      [{name: 'value_float', f: 0.5}, 'float32', [], Float32Array.of(0.5)],
      [{name: 'value_floats', floats: [1, 2]}, 'float32', [2], Float32Array.of(1, 2)],
      [{name: 'value_int', i: -(2n ** 63n)}, 'int64', [], BigInt64Array.of(-(2n ** 63n))],
      [{name: 'value_ints', ints: [3n]}, 'int64', [1], BigInt64Array.of(3n)],
      [{name: 'value_string', s: Buffer.from('ß')}, 'string', [], ['ß']],
      [{name: 'value_strings', strings: [Buffer.from('a')]}, 'string', [1], ['a']],
      [
        {name: 'value', t: {dataType: 1, dims: [1n], rawData: Uint8Array.from(Buffer.from('0000e040', 'hex'))}},
        'float32',
        [1],
        Float32Array.of(7),
      ],
    ]
    for (const [attribute, dtype, shape, data] of forms) {
      const tensor = constantOf(attribute)
      expect([tensor?.dtype, tensor?.shape, tensor?.read()], attribute.name).to.deep.equal([dtype, shape, data])
    }
  })

  it('takes absent fields for what the format says they are: zeros and nothing', () => {
    expect(constantOf({name: 'value_float'})?.read()).to.deep.equal(Float32Array.of(0))
    expect(constantOf({name: 'value_int'})?.read()).to.deep.equal(BigInt64Array.of(0n))
    expect(constantOf({name: 'value_string'})?.read()).to.deep.equal([''])
    expect(constantOf({name: 'value_floats'})?.shape).to.deep.equal([0])
    expect(constantOf({name: 'value_strings'})?.read()).to.deep.equal([])
  })

  it('leaves what stays a node: sparse values, references, other operators, unnamed outputs', () => {
    const number: AttributeProto = {name: 'value_int', i: 1n}
    expect(constantOf({name: 'sparse_value'})).to.equal(undefined)
    expect(constantOf({name: '__proto__', i: 1n})).to.equal(undefined)
    expect(constantOf({...number, refAttrName: 'size'})).to.equal(undefined)
    expect(constantOf(number, {opType: 'Identity'})).to.equal(undefined)
    expect(constantOf(number, {domain: 'my.ops'})).to.equal(undefined)
    expect(constantOf(number, {output: ['']})).to.equal(undefined)
    expect(constantOf(number, {output: []})).to.equal(undefined)
    expect(constantOf(number, {attribute: [number, number]})).to.equal(undefined)
    expect(constantOf(number, {attribute: []})).to.equal(undefined)
  })
})
