import {expect} from 'chai'
import {holdsHalves} from '../../src/facts/holds-halves.js'
import {modelOf} from '../support/pass-trial.js'

const holds = (weight: (i: number) => number, bias = 0) =>
  holdsHalves(
    modelOf((build) => {
      const values = build.floats(
        Float32Array.from({length: 144}, (_, i) => weight(i)),
        [12, 12],
      )
      const product = build.op('MatMul', [build.input('x', [1, 12]), values])
      build.output(build.op('Add', [product, build.floats(Float32Array.of(bias), [1])]))
    }).graph,
  )

describe('holdsHalves', () => {
  it('is so where 11 bits hold every weight; single numbers beside them do not matter', () => {
    expect(holds((i) => i / 64)).to.equal(true)
    expect(holds((i) => i / 64, Math.PI)).to.equal(true)
  })

  it('is not so for a single weight of more bits, one too large, or NaN', () => {
    for (const odd of [1 + 2 ** -12, 70_000, Number.NaN]) {
      expect(
        holds((i) => (i === 143 ? odd : 1)),
        String(odd),
      ).to.equal(false)
    }
  })
})
