import {expect} from 'chai'
import {asWireError, WireError} from '../../src/proto/wire-error.js'

describe('asWireError', () => {
  it('says where the bytes end too early', () => {
    const error = asWireError(new RangeError('index out of range: 4 + 8 > 9'), 4)
    expect(error).to.be.instanceOf(WireError)
    expect((error as WireError).message).to.equal('the bytes end too early at byte 4')
  })

  it('keeps the reason of a plain error', () => {
    expect(asWireError(new Error('invalid wire type 7'), 12)).to.include({reason: 'invalid wire type 7', offset: 12})
  })

  it('lets everything else pass: bugs and errors of its own', () => {
    const [bug, own] = [new TypeError('x is not a function'), new WireError('no', 1)]
    expect(asWireError(bug, 3)).to.equal(bug)
    expect(asWireError(own, 3)).to.equal(own)
    expect(asWireError('text', 3)).to.equal('text')
  })
})
