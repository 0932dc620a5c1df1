import {expect} from 'chai'
import {agree, isFixed, readType, typeProto} from '../../src/io/value-type.js'
import {tensorType, type ValueType} from '../../src/ir/types.js'

describe('readType', () => {
  it('reads numbers, names and unknown sizes, as exporters write those', () => {
    const dim = [{dimValue: 2n}, {dimParam: 'N'}, {}, {dimParam: ''}, {dimValue: -1n}, {dimValue: 0n}]
    const type = readType({tensorType: {elemType: 1, shape: {dim}}})
    expect(type).to.deep.equal(tensorType('float32', [2, 'N', undefined, undefined, undefined, 0]))
  })

  it('tells a scalar from an unknown rank', () => {
    expect(readType({tensorType: {elemType: 7, shape: {}}})).to.deep.equal(tensorType('int64', []))
    expect(readType({tensorType: {elemType: 7}})).to.deep.equal(tensorType('int64', undefined))
  })

  it('knows nothing of element types that are not stated or not known yet', () => {
    expect(readType({tensorType: {}})).to.deep.equal(tensorType(undefined, undefined))
    expect(readType({tensorType: {elemType: 99}})).to.deep.equal(tensorType(undefined, undefined))
    expect([readType(undefined), readType({})]).to.deep.equal([undefined, undefined])
  })
})

describe('typeProto', () => {
  it('is read back as the type it was made of', () => {
    const tensor = tensorType('float16', ['N', 3, undefined])
    const types: ValueType[] = [
      tensor,
      tensorType('string', []),
      {kind: 'sparse', dtype: 'float32', shape: [2]},
      {kind: 'sequence', element: {kind: 'optional', element: tensor}},
      {kind: 'sequence', element: undefined},
      {kind: 'map', key: 'int64', value: {kind: 'sequence', element: tensor}},
      {kind: 'opaque', domain: 'my', name: '__proto__'},
    ]
    for (const type of types) expect(readType(typeProto(type)), type.kind).to.deep.equal(type)
    expect(typeProto(undefined)).to.equal(undefined)
  })
})

describe('agree', () => {
  const [named, numbered] = [tensorType('float32', ['N', 3]), tensorType('float32', [4, 3])]

  it('does not compare names, nor what is not known', () => {
    expect(agree(named, numbered)).to.equal(true)
    expect(agree(named, tensorType('float32', ['M', undefined]))).to.equal(true)
    expect(agree(tensorType(undefined, undefined), numbered)).to.equal(true)
    expect(agree(undefined, numbered)).to.equal(true)
  })

  it('finds other sizes, ranks, element types and kinds', () => {
    expect(agree(numbered, tensorType('float32', [5, 3]))).to.equal(false)
    expect(agree(numbered, tensorType('float32', [4, 3, 1]))).to.equal(false)
    expect(agree(numbered, tensorType('float64', [4, 3]))).to.equal(false)
    expect(agree(numbered, {kind: 'sequence', element: numbered})).to.equal(false)
  })
})

describe('isFixed', () => {
  it('holds when a free size became a number, and only then', () => {
    const stated = tensorType('float32', ['N', 3])
    expect(isFixed(stated, tensorType('float32', [4, 3]))).to.equal(true)
    expect(isFixed(stated, tensorType('float32', ['M', 3]))).to.equal(false)
    expect(isFixed(tensorType('float32', [2, 3]), tensorType('float32', [4, 3]))).to.equal(false)
    expect(isFixed(stated, tensorType('float32', undefined))).to.equal(false)
    expect(isFixed(undefined, stated)).to.equal(false)
  })
})
