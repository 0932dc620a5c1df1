import {expect} from 'chai'
import {realPart} from '../../../src/runtime/inputs/batch-axis.js'

describe('realPart', () => {
  const cut = (values: number[], dims: number[], size: number, fed: number, axis: number | undefined) => {
    const part = realPart({data: Float32Array.from(values), dims}, {size, fed}, axis)
    return part && {data: [...part.data], dims: part.dims}
  }

  it('cuts the copies that fill up a batch, in front or further in', () => {
    expect(cut([1, 2, 3, 4, 9, 9], [3, 2], 2, 3, 0)).to.deep.equal({data: [1, 2, 3, 4], dims: [2, 2]})
    // [2, sample 3, 1]
    expect(cut([1, 2, 9, 3, 4, 9], [2, 3, 1], 2, 3, 1)).to.deep.equal({data: [1, 2, 3, 4], dims: [2, 2, 1]})
  })

  it('takes a batch without copies whole, whatever its axes', () => {
    expect(cut([1, 2, 3], [3], 2, 2, undefined)).to.deep.equal({data: [1, 2, 3], dims: [3]})
  })

  it('does not guess where copies are', () => {
    expect(cut([1, 2, 3], [3], 2, 3, undefined)).to.equal(undefined)
    expect(cut([1, 2, 3, 4, 5, 6], [6], 2, 3, 0)).to.equal(undefined)
    expect(cut([1], [], 2, 3, 0)).to.equal(undefined)
  })

  it('does not change the tensor', () => {
    const data = Float32Array.of(1, 2, 9, 3, 4, 9)
    realPart({data, dims: [2, 3]}, {size: 2, fed: 3}, 1)
    expect([...data]).to.deep.equal([1, 2, 9, 3, 4, 9])
  })
})
