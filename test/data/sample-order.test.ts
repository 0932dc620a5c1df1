import {expect} from 'chai'
import {sampleOrder} from '../../src/data/sample-order.js'
import {DataError} from '../../src/errors.js'

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
