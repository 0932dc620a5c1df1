import {expect} from 'chai'
import {fedShape} from '../../../src/data/samples/fit-feed.js'

describe('fedShape', () => {
  const value = (shape: number[]) => ({dtype: 'float32', shape, data: new Float32Array(1)}) as const

  it('takes fixed sizes, then those of other inputs, then its own', () => {
    const sizes = new Map([['batch', 8]])
    expect(fedShape(value([]), [2, 'batch', 64], sizes, 8)).to.deep.equal([2, 8, 64])
    expect(fedShape(value([5]), ['T'], sizes, 8)).to.deep.equal([5])
    expect(fedShape(value([]), ['other', 'T'], sizes, 3)).to.deep.equal([3, 1])
    expect(fedShape(value([4, 2]), undefined, sizes, 1)).to.deep.equal([4, 2])
  })
})
