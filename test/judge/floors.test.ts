import {expect} from 'chai'
import {floorOf, LOOSE_FLOOR} from '../../src/judge/floors.js'
import {OUTPUT_KINDS} from '../../src/results/fidelity.js'

describe('floorOf', () => {
  it('lets no kind lose more than 2 %, vectors a cosine of 1 %', () => {
    for (const kind of OUTPUT_KINDS) {
      expect(floorOf(kind, 'F1', false), kind).to.equal(kind === 'embedding' ? 0.99 : 0.98)
    }
  })

  it('is loose for guesses, and for boxes and scores that were judged as numbers', () => {
    expect(floorOf('regression', 'R²', true)).to.equal(LOOSE_FLOOR)
    expect(floorOf('boxes', 'R² where something was found', false)).to.equal(LOOSE_FLOOR)
    expect(floorOf('scores', 'R²', false)).to.equal(LOOSE_FLOOR)
    // numbers that are known to be what they are
    expect(floorOf('regression', 'R²', false)).to.equal(0.98)
    expect(floorOf('scores', 'F1', false)).to.equal(0.98)
  })
})
