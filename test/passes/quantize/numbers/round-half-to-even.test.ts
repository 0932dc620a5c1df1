import {expect} from 'chai'
import {roundHalfToEven} from '../../../../src/passes/quantize/numbers/round-half-to-even.js'

describe('roundHalfToEven', () => {
  it('rounds halves to the even neighbour, on both sides of 0', () => {
    const halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5]
    expect(halves.map((x) => roundHalfToEven(x) + 0)).to.deep.equal([-2, -2, 0, 0, 2, 2, 4])
    expect([0.49, 0.51, -0.51, 7].map((x) => roundHalfToEven(x) + 0)).to.deep.equal([0, 1, -1, 7])
  })
})
