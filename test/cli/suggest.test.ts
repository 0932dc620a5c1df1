import {expect} from 'chai'
import {suggest} from '../../src/cli/suggest.js'

describe('suggest', () => {
  it('finds the word a typing mistake meant', () => {
    expect(suggest('quantise', ['prune', 'quantize', 'inspect'])).to.equal('quantize')
    expect(suggest('max-dorp', ['max-drop', 'max-size'])).to.equal('max-drop')
  })

  it('proposes nothing for a word that is far from all', () => {
    expect(suggest('weather', ['prune', 'quantize'])).to.equal(undefined)
    expect(suggest('x', ['o', 'q'])).to.equal(undefined)
  })
})
