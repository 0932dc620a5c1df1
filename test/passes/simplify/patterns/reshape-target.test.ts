import {expect} from 'chai'
import {reshapeTarget} from '../../../../src/passes/simplify/patterns/reshape-target.js'

describe('reshapeTarget', () => {
  it('writes numbers, 0 for what stays in its place, -1 for the rest', () => {
    expect(reshapeTarget(['N', 4, 6], ['N', 24])).to.deep.equal([0, 24])
    expect(reshapeTarget(['N', 4], [4, 'N'])).to.deep.equal([4, -1])
    expect(reshapeTarget(undefined, [2, undefined])).to.deep.equal([2, -1])
  })
  it('gives up when two sizes are open, or one is 0', () => {
    expect(reshapeTarget(['N', 'M'], ['M', 'N'])).to.equal(undefined)
    expect(reshapeTarget(['N'], [0, 'N'])).to.equal(undefined)
  })
})
