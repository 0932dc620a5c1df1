import {expect} from 'chai'
import {SCHEMAS} from '../../src/options/schemas.js'
import {RESULT_SCHEMAS} from '../../src/results/schemas.js'

describe('RESULT_SCHEMAS', () => {
  it('has a document for every verb with options, which names its verb', () => {
    expect(Object.keys(RESULT_SCHEMAS)).to.include.members(Object.keys(SCHEMAS))
    for (const [verb, {shape}] of Object.entries(RESULT_SCHEMAS)) {
      expect(shape, verb).to.include.keys('schemaVersion', 'command', 'warnings')
    }
  })
})
