import {expect} from 'chai'
import {pattern, patternOf, patternsOf} from '../../src/options/patterns.js'

describe('pattern', () => {
  it('is the text of a regular expression, which stays text', () => {
    expect(pattern.parse('^conv[0-9]+$')).to.equal('^conv[0-9]+$')
    expect(pattern.parse('')).to.equal('')
  })

  it('refuses what is none, unicode escapes that are none included', () => {
    for (const text of ['(', '[a', '*', '\\p{Nothing}', 'a{2,1}']) {
      expect(pattern.safeParse(text).error?.issues[0]?.message, text).to.equal('expected a regular expression')
    }
    expect(pattern.safeParse(/a/).success).to.equal(false)
  })
})

describe('patternOf and patternsOf', () => {
  it('match anywhere in a name, whole characters at a time', () => {
    expect(patternOf('conv').test('/block/conv1')).to.equal(true)
    expect(patternOf('^.$').test('😀')).to.equal(true)
    expect(patternsOf(['a', '^b']).map((one) => one.test('ab'))).to.deep.equal([true, false])
    expect(patternsOf([])).to.deep.equal([])
  })
})
