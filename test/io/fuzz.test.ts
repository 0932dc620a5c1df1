import {expect} from 'chai'
import {fuzz} from '../support/fuzz/fuzz.js'

const FILES = 500

/** The full suite tries twenty times as many, made from more models. */
describe(`${FILES} damaged files`, () => {
  it('are read or refused: no crash, no hang, no raw exception, no more than 500 MB', async () => {
    const {read, refused, faults} = await fuzz({from: 1_000_000, to: 1_000_000 + FILES, seedFiles: []})
    expect(faults).to.deep.equal([])
    expect(read + refused).to.equal(FILES)
    expect(Math.min(read, refused)).to.be.above(FILES / 10)
  })
})
