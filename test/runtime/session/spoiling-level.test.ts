import {expect} from 'chai'
import type {ComparedOutput} from '../../../src/runtime/compare/compare-task.js'
import {isFarOff, withLevel} from '../../../src/runtime/session/spoiling-level.js'

describe('isFarOff', () => {
  const output = (more: Partial<ComparedOutput>): ComparedOutput => ({
    ...{name: 'y', maxAbs: 0.1, cosine: 1, sqnrDb: 40, nonFinite: 0, outside: 0, leftOut: 0},
    ...more,
  })

  it('is so from an error of a tenth on: 20 dB', () => {
    expect(isFarOff(output({sqnrDb: 19.9}))).to.equal(true)
    expect(isFarOff(output({sqnrDb: 20}))).to.equal(false)
  })

  it('is so for numbers on one side only, and for anything beside zeros', () => {
    expect(isFarOff(output({maxAbs: null, sqnrDb: null, nonFinite: 1}))).to.equal(true)
    expect(isFarOff(output({sqnrDb: null}))).to.equal(true)
  })

  it('is not so for equal outputs, nor for those that were not compared', () => {
    expect(isFarOff(output({maxAbs: 0, sqnrDb: null}))).to.equal(false)
    expect(isFarOff(output({maxAbs: null, sqnrDb: null}))).to.equal(false)
  })
})

describe('withLevel', () => {
  it('leaves the other settings, and what it was given, as they are', () => {
    const settings = {provider: 'cpu', threads: 2, optimization: 'all'} as const
    expect(withLevel(settings, 'basic')).to.deep.equal({provider: 'cpu', threads: 2, optimization: 'basic'})
    expect(settings.optimization).to.equal('all')
  })
})
