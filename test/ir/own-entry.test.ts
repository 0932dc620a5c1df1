import {expect} from 'chai'
import {ownEntry} from '../../src/ir/own-entry.js'

describe('ownEntry', () => {
  it('finds what the table holds and nothing that every object has', () => {
    const table = {Add: 1}
    expect(ownEntry(table, 'Add')).to.equal(1)
    for (const name of ['constructor', 'toString', '__proto__', 'Mul'])
      expect(ownEntry(table, name)).to.equal(undefined)
  })
})
