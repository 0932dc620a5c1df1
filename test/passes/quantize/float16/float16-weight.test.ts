import {expect} from 'chai'
import {NonFiniteError} from '../../../../src/errors.js'
import {fromFloat16} from '../../../../src/ir/float16.js'
import {float32, scalar} from '../../../../src/ir/tensor.js'
import {float16Weight} from '../../../../src/passes/quantize/float16/float16-weight.js'

function halves(...values: number[]): number[] {
  return Array.from(float16Weight(float32(values), 'w').read() as Uint16Array, fromFloat16)
}

describe('float16Weight', () => {
  it('rounds to the nearest of 11 bits, ties to even', () => {
    expect(halves(1 + 1 / 2048, 1 + 3 / 2048, -1 / 3)).to.deep.equal([1, 1 + 2 / 1024, -0.333251953125])
  })

  it('clamps finite numbers that float16 cannot hold, masks among them, and keeps infinities', () => {
    const {POSITIVE_INFINITY, NEGATIVE_INFINITY} = Number
    expect(halves(70000, -1e9, POSITIVE_INFINITY, NEGATIVE_INFINITY, 65519)).to.deep.equal([
      65504,
      -65504,
      POSITIVE_INFINITY,
      NEGATIVE_INFINITY,
      65504,
    ])
  })

  it('lets the smallest of many weights become 0, but never an epsilon', () => {
    expect(halves(1e-9, -1e-9).map(Math.abs)).to.deep.equal([0, 0])
    for (const epsilon of [1e-12, -1e-12]) {
      const [half = 0] = float16Weight(scalar('float32', epsilon), 'eps').read() as Uint16Array
      expect(fromFloat16(half)).to.equal(Math.sign(epsilon) * 2 ** -24)
    }
    expect([...(float16Weight(scalar('float32', 0), 'zero').read() as Uint16Array)]).to.deep.equal([0])
  })

  it('keeps the shape, and refuses NaN by name', () => {
    expect(float16Weight(float32([1, 2, 3, 4], [2, 2]), 'w')).to.deep.include({dtype: 'float16', shape: [2, 2]})
    expect(() => float16Weight(float32([1, Number.NaN]), 'fc.weight')).to.throw(NonFiniteError, /'fc\.weight'/)
  })
})
