import {expect} from 'chai'
import {attributeOf, float, floats, graphsOf, tensorAttribute} from '../../src/ir/attribute.js'
import {Graph} from '../../src/ir/graph.js'
import {float32} from '../../src/ir/tensor.js'

describe('attributeOf', () => {
  it('makes whole numbers ints, in 64 bits', () => {
    expect(attributeOf(3)).to.deep.equal({type: 'int', value: 3n})
    expect(attributeOf(2n ** 62n)).to.deep.equal({type: 'int', value: 2n ** 62n})
    expect(attributeOf([1, -2])).to.deep.equal({type: 'ints', value: [1n, -2n]})
  })

  it('refuses fractions, NaN and infinity, which would be taken for ints', () => {
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => attributeOf(value)).to.throw(TypeError, `write float(${value})`)
      expect(() => attributeOf([1, value])).to.throw(TypeError, `write float(${value})`)
    }
  })

  it('writes text in UTF-8', () => {
    expect(attributeOf('µ')).to.deep.equal({type: 'string', value: Buffer.from([0xc2, 0xb5])})
    expect(attributeOf(['', 'a'])).to.deep.equal({type: 'strings', value: [Buffer.of(), Buffer.of(97)]})
  })

  it('takes an empty list for ints', () => {
    expect(attributeOf([])).to.deep.equal({type: 'ints', value: []})
  })

  it('hands on what is an attribute already', () => {
    const tensor = tensorAttribute(float32([1]))
    expect(attributeOf(tensor)).to.equal(tensor)
    expect(attributeOf(float(1))).to.deep.equal({type: 'float', value: 1})
    expect(attributeOf(floats([1, 2]))).to.deep.equal({type: 'floats', value: [1, 2]})
  })
})

describe('graphsOf', () => {
  it('gives the subgraphs of an attribute, and none of a number', () => {
    const [a, b] = [new Graph('a'), new Graph('b')]
    expect(graphsOf(attributeOf(a))).to.deep.equal([a])
    expect(graphsOf({type: 'graphs', value: [a, b]})).to.deep.equal([a, b])
    expect(graphsOf(attributeOf(1))).to.deep.equal([])
  })
})
