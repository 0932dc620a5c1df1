import {expect} from 'chai'
import {roundSeed} from '../../../src/train/loop/round-seed.js'

describe('roundSeed', () => {
  it('is another one for every epoch of every seed, and the same again', () => {
    const seeds = [0, 1, 2, 42].flatMap((seed) => Array.from({length: 500}, (_, epoch) => roundSeed(seed, epoch)))
    expect(new Set(seeds).size).to.equal(seeds.length)
    expect(roundSeed(42, 7)).to.equal(roundSeed(42, 7))
  })

  it('stays within 32 bits for every seed', () => {
    for (const seed of [2 ** 31 - 1, -(2 ** 31), 2 ** 40]) {
      const found = roundSeed(seed, 3)
      expect(found).to.equal(found | 0)
    }
  })
})
