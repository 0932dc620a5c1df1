import {expect} from 'chai'
import {visible} from '../../src/cli/visible.js'

describe('visible', () => {
  it('keeps what can be read, in any script', () => {
    expect(visible('Conv /f/f.0 "x" - ünï 模型 100 %')).to.equal('Conv /f/f.0 "x" - ünï 模型 100 %')
  })

  it('writes out what would move the cursor, colour the text or begin a line', () => {
    expect(visible('n\u001b[31mRED\nmopt: fake\r\u0007\u009b2J')).to.equal(
      'n\\x1b[31mRED\\nmopt: fake\\x0d\\x07\\x9b2J',
    )
    expect(visible('a\tb')).to.equal('a b')
  })
})
