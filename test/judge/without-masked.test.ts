import {expect} from 'chai'
import {withoutMasked} from '../../src/judge/without-masked.js'

describe('withoutMasked', () => {
  // two samples of two tokens, two numbers each
  const pair = {
    reference: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    other: Float32Array.of(10, 20, 30, 40, 50, 60, 70, 80),
    dims: [2, 2, 2],
  }
  const run = (name: string, dims: number[], data: unknown) => ({
    size: 2,
    fed: 2,
    inputs: new Map([[name, {dims, data}]]),
  })

  it('leaves out the rows whose mask is 0, in both models', () => {
    const mask = BigInt64Array.of(1n, 0n, 0n, 1n)
    const {reference, other, dims} = withoutMasked(pair, 'tokens', run('attention_mask', [2, 2], mask))
    expect([...reference]).to.deep.equal([1, 2, 7, 8])
    expect([...other]).to.deep.equal([10, 20, 70, 80])
    expect(dims).to.deep.equal([1, 2, 2])
  })

  it('keeps all where no input is a mask of the same samples and tokens', () => {
    const mask = Float32Array.of(1, 0, 0, 1)
    expect(withoutMasked(pair, 'tokens', run('ids', [2, 2], mask))).to.equal(pair)
    expect(withoutMasked(pair, 'tokens', run('mask', [4], mask))).to.equal(pair)
  })

  it('keeps all of a kind that has no answer for each token', () => {
    const mask = Float32Array.of(0, 0, 0, 0)
    expect(withoutMasked(pair, 'regression', run('mask', [2, 2], mask))).to.equal(pair)
    expect(withoutMasked(pair, 'tokens', run('mask', [2, 2], mask)).dims).to.deep.equal([1, 0, 2])
  })
})
