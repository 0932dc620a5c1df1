import {expect} from 'chai'
import {uniformAt} from '../../src/data/uniform-at.js'

const COUNT = 20_000

describe('uniformAt', () => {
  it('is even over its range, for neighbouring places too', () => {
    for (const place of [(i: number) => [0, i, 0], (i: number) => [7, 3, i], (i: number) => [i, 0, 1]]) {
      const tenths = Array<number>(10).fill(0)
      for (let index = 0; index < COUNT; index++) {
        const tenth = Math.floor(10 * uniformAt(...place(index)))
        tenths[tenth] = (tenths[tenth] ?? 0) + 1
      }
      expect(tenths).to.have.length(10)
      // six standard deviations
      for (const count of tenths) expect(count).to.be.closeTo(COUNT / 10, 6 * Math.sqrt((COUNT * 9) / 100))
    }
  })

  it('does not repeat itself from draw to draw', () => {
    let products = 0
    for (let index = 0; index < COUNT; index++)
      products += (uniformAt(1, index, 0) - 0.5) * (uniformAt(1, index, 1) - 0.5)
    expect(Math.abs((12 * products) / COUNT)).to.be.below(6 / Math.sqrt(COUNT))
  })
})
