import {expect} from 'chai'
import {z} from 'zod'
import {record, valuesOf} from '../../src/options/record.js'

describe('record', () => {
  const sizes = record(z.int().min(1))
  const problem = (given: unknown) => {
    const issue = sizes.safeParse(given).error?.issues[0]
    return issue && [issue.path.join('.'), issue.message]
  }

  it('keeps any name, those that every object has included', () => {
    const given = JSON.parse('{"__proto__": 3, "constructor": 4, "": 5}')
    expect(Object.entries(sizes.parse(given))).to.deep.equal(Object.entries(given))
  })

  it('says at which name a value is wrong', () => {
    expect(problem({a: 1, b: 0})?.[0]).to.equal('b')
    expect(problem(JSON.parse('{"__proto__": "x"}'))?.[0]).to.equal('__proto__')
  })

  it('refuses lists, null and what is no object', () => {
    for (const given of [[1], null, 'a', 3]) {
      expect(problem(given), JSON.stringify(given)).to.deep.equal(['', 'expected values by names'])
    }
  })
})

describe('valuesOf', () => {
  it('is the type of the values, undefined of what is no record', () => {
    const value = z.string()
    expect(valuesOf(record(value))).to.equal(value)
    expect(valuesOf(z.record(z.string(), value))).to.equal(undefined)
  })
})
