import {expect} from 'chai'
import {float32, int64, readFloat32Slices, slicesOf, withSlices} from '../../src/ir/tensor.js'

describe('withSlices', () => {
  const whole = Float32Array.of(1, 2, 3)
  const pieces = () => [whole.subarray(0, 2), whole.subarray(2)]

  it('lets a tensor be read piece by piece', () => {
    const tensor = withSlices(float32(whole), pieces)
    expect([...readFloat32Slices(tensor)]).to.deep.equal(pieces())
  })

  it('does not speak for a copy that reads something else', () => {
    const tensor = withSlices(float32(whole), pieces)
    const copy = {...tensor, read: () => new Float32Array(3)}
    expect(slicesOf(copy)).to.equal(undefined)
    expect([...readFloat32Slices(copy)]).to.deep.equal([new Float32Array(3)])
  })
})

describe('readFloat32Slices', () => {
  it('takes float32 only', () => {
    expect(() => [...readFloat32Slices(int64([1]))]).to.throw('expected a float32 tensor, got int64')
  })
})
