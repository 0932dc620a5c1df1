import {expect} from 'chai'
import {batchFirst} from '../../src/judge/batch-first.js'

describe('batchFirst', () => {
  const moved = (values: number[], dims: number[], axis: number) => {
    const {data, dims: shape} = batchFirst({data: Float32Array.from(values), dims}, axis)
    return {data: [...data], dims: shape}
  }

  it('brings the axis of the samples to the front, those of one sample in their order', () => {
    // [time 2, sample 3]
    expect(moved([1, 2, 3, 4, 5, 6], [2, 3], 1)).to.deep.equal({data: [1, 4, 2, 5, 3, 6], dims: [3, 2]})
    // [1, sample 2, 2]: no other axis in front that matters
    expect(moved([1, 2, 3, 4], [1, 2, 2], 1)).to.deep.equal({data: [1, 2, 3, 4], dims: [2, 1, 2]})
    // [2, sample 2, 2]
    expect(moved([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2], 1).data).to.deep.equal([1, 2, 5, 6, 3, 4, 7, 8])
  })

  it('copies nothing where samples are in front, or alone', () => {
    const data = Float32Array.of(1, 2)
    expect(batchFirst({data, dims: [2]}, 0).data).to.equal(data)
    expect(batchFirst({data, dims: [2, 1]}, 1)).to.deep.equal({data, dims: [1, 2]})
    expect(batchFirst({data, dims: [2, 1]}, 1).data).to.equal(data)
  })

  it('does not change what it was given, and takes no samples', () => {
    const data = Float32Array.of(1, 2, 3, 4)
    batchFirst({data, dims: [2, 2]}, 1)
    expect([...data]).to.deep.equal([1, 2, 3, 4])
    expect(moved([], [2, 0], 1)).to.deep.equal({data: [], dims: [0, 2]})
  })
})
