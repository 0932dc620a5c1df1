import {expect} from 'chai'
import {elementBytes, elementsOf} from '../../../src/data/samples/element-type.js'

describe('elementsOf', () => {
  it('turns bytes of the other order round, at every width', () => {
    const hex = (text: string) => Buffer.from(Buffer.from(text, 'hex'))
    const big = (dtype: 'int8' | 'int16' | 'int32' | 'float32', text: string) =>
      elementsOf(Buffer.from(hex(text)), {dtype, bigEndian: true})
    expect(big('int8', 'fe01')).to.deep.equal(Int8Array.of(-2, 1))
    expect(big('int16', '0102fffe')).to.deep.equal(Int16Array.of(258, -2))
    expect(big('int32', '00000003')).to.deep.equal(Int32Array.of(3))
    expect(big('float32', '3fc00000')).to.deep.equal(Float32Array.of(1.5))
  })

  it('takes bytes of this order as they are, without a copy', () => {
    const bytes = Buffer.from(new Float64Array([1.5]).buffer)
    const elements = elementsOf(bytes, {dtype: 'float64', bigEndian: false})
    expect(elements).to.deep.equal(Float64Array.of(1.5))
    expect(elements.buffer).to.equal(bytes.buffer)
  })

  it('gives none of no bytes', () => {
    expect(elementsOf(Buffer.alloc(0), {dtype: 'int64', bigEndian: true})).to.have.length(0)
  })
})

describe('elementBytes', () => {
  it('is what an element takes in a file', () => {
    const sizes = (['bool', 'float16', 'int32', 'uint64'] as const).map((dtype) =>
      elementBytes({dtype, bigEndian: false}),
    )
    expect(sizes).to.deep.equal([1, 2, 4, 8])
  })
})
