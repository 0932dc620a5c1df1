import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {toFloat32} from '../../../src/runtime/session/to-float32.js'

describe('toFloat32', () => {
  it('is a view of float32', () => {
    const data = Float32Array.of(1, 2)
    expect(toFloat32(new Tensor('float32', data, [2]))).to.equal(data)
  })

  it('turns integers and bools into numbers', () => {
    expect([...toFloat32(new Tensor('int64', BigInt64Array.of(-3n, 2n ** 40n), [2]))]).to.deep.equal([-3, 2 ** 40])
    expect([...toFloat32(new Tensor('bool', Uint8Array.of(0, 1), [2]))]).to.deep.equal([0, 1])
    expect([...toFloat32(new Tensor('float64', Float64Array.of(0.1), [1]))]).to.deep.equal([Math.fround(0.1)])
    expect(toFloat32(new Tensor('int8', new Int8Array(0), [0]))).to.have.length(0)
  })

  it('decodes float16: largest, smallest, infinity and NaN', () => {
    const bits = Uint16Array.of(0x7bff, 0x0001, 0xfc00, 0x7e00, 0x8000)
    const [most, least, infinite, none, zero] = toFloat32(new Tensor('float16', bits, [5]))
    expect([most, least, infinite]).to.deep.equal([65504, 2 ** -24, Number.NEGATIVE_INFINITY])
    expect(none).to.be.NaN
    expect(Object.is(zero, -0)).to.equal(true)
  })
})
