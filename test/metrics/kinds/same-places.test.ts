import {expect} from 'chai'
import {SamePlaces} from '../../../src/metrics/kinds/same-places.js'
import {judged} from './judged.js'

describe('SamePlaces', () => {
  it('leaves the background out, which wins most places', () => {
    // six places of three classes: four background, one of class 1, one of class 2 that is lost
    const winners = (labels: number[]) => labels.flatMap((label) => [0, 1, 2].map((one) => (one === label ? 1 : 0)))
    const result = judged(new SamePlaces(2), winners([0, 0, 0, 0, 1, 2]), winners([0, 0, 0, 0, 1, 0]), [1, 6, 3])
    // kept 1, 2 in the reference, 1 in the other
    expect(result.value).to.be.closeTo(2 / 3, 1e-9)
    expect(result.details.places).to.equal(2)
  })

  it('takes places without a score above the threshold for empty', () => {
    const scores = [0.1, 0.2, 0.8, 0.1, 0.1, 0.1]
    expect(judged(new SamePlaces(2, 0.5), scores, [0.2, 0.1, 0.8, 0.1, 0.1, 0.3], [1, 3, 2]).value).to.equal(1)
    expect(judged(new SamePlaces(2, 0.5), scores, [0.2, 0.1, 0.3, 0.1, 0.1, 0.3], [1, 3, 2]).value).to.equal(0)
  })

  it('finds classes along any axis', () => {
    // [1, 2, 2, 1]: classes before the places
    expect(judged(new SamePlaces(1), [1, 0, 0, 1], [1, 1, 0, 0], [1, 2, 2, 1]).value).to.be.closeTo(0.5, 1e-9)
  })

  it('leaves no class out where none wins more than half', () => {
    expect(judged(new SamePlaces(1), [1, 0, 0, 1], [1, 0, 0, 1], [2, 2])).to.deep.include({
      value: 1,
      details: {places: 2},
    })
  })

  it('says why there is nothing to judge', () => {
    expect(judged(new SamePlaces(1), [], [], [0, 2]).reason).to.equal('it was empty')
    expect(judged(new SamePlaces(1), [1, 0, 1, 0], [1, 0, 1, 0], [2, 2]).reason).to.equal('all places are background')
  })
})
