import {expect} from 'chai'
import {z} from 'zod'
import {field, flagFacts} from '../../src/options/field.js'

describe('field', () => {
  it('keeps what is said of an option apart from the type it was made of', () => {
    const type = z.int()
    const [one, other] = [field(type, 'how many', {flag: 'count'}), field(type, 'how few')]
    expect([one.description, other.description]).to.deep.equal(['how many', 'how few'])
    expect([flagFacts(one), flagFacts(other), flagFacts(type)]).to.deep.equal([{flag: 'count'}, {}, undefined])
  })
})
