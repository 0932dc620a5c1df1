import {expect} from 'chai'
import {z} from 'zod'
import {fieldsOf, unwrapped} from '../../src/options/unwrapped.js'

describe('unwrapped', () => {
  it('finds the type behind what says that it may be left out', () => {
    const inner = z.int()
    expect(unwrapped(inner)).to.deep.equal({type: inner, isRequired: true})
    expect(unwrapped(inner.optional())).to.deep.equal({type: inner, isRequired: false})
    expect(unwrapped(inner.default(7))).to.deep.equal({type: inner, fallback: 7, isRequired: false})
    expect(unwrapped(inner.optional().default(7))).to.include({fallback: 7, isRequired: false})
  })

  it('takes a room that is filled in for one that may be left out', () => {
    expect(unwrapped(z.object({a: z.int().default(1)}).prefault({})).isRequired).to.equal(false)
  })
})

describe('fieldsOf', () => {
  it('lists the options of a room in their order, none of what is no room', () => {
    const room = z.strictObject({b: z.int(), a: z.string().optional()}).prefault({b: 1})
    expect(fieldsOf(room).map(([name]) => name)).to.deep.equal(['b', 'a'])
    expect(fieldsOf(z.int())).to.deep.equal([])
  })
})
