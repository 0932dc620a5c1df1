import {expect} from 'chai'
import {roundOf, sampleOrder} from '../../../src/data/samples/sample-order.js'
import {DataError} from '../../../src/errors.js'

describe('sampleOrder', () => {
  it('puts every sample at every place about equally often', () => {
    const places = new Float64Array(16)
    const rounds = 4000
    for (let seed = 0; seed < rounds; seed++) {
      const order = sampleOrder(4, {seed, shuffle: true}, 'x')
      for (let place = 0; place < 4; place++) (places[order.at(place) * 4 + place] as number) += 1
    }
    // 1000 expected, standard deviation 27
    for (const count of places) expect(count).to.be.within(850, 1150)
  })

  it('says where consecutive samples start, and that shuffled ones have no start', () => {
    expect(sampleOrder(10, {seed: 0, offset: 3, limit: 4}, 'x')).to.include({count: 4, start: 3})
    expect(sampleOrder(10, {seed: 0, shuffle: true}, 'x').start).to.equal(undefined)
  })

  it('refuses to shuffle more samples than memory should hold', () => {
    expect(() => sampleOrder(2 ** 40, {seed: 0, shuffle: true}, 'x')).to.throw(DataError, 'to shuffle')
  })
})

describe('roundOf', () => {
  it('shuffles what is kept again, and goes on within it', () => {
    const kept = sampleOrder(50, {seed: 3, offset: 10, limit: 20}, 'x')
    const rounds = [0, 1].map((seed) => places(roundOf(kept, {seed, skip: 0})))
    const [first = [], second = []] = rounds
    expect(first).not.to.deep.equal(second)
    for (const round of rounds) {
      expect(round.slice().sort((a, b) => a - b)).to.deep.equal(Array.from({length: 20}, (_, index) => index + 10))
    }
    const rest = roundOf(kept, {seed: 0, skip: 15})
    expect(places(rest)).to.deep.equal(first.slice(15))
    expect(Array.from({length: 5}, (_, position) => 10 + rest.keptAt(position))).to.deep.equal(places(rest))
  })
})

function places({count, at}: {count: number; at(position: number): number}): number[] {
  return Array.from({length: count}, (_, position) => at(position))
}
