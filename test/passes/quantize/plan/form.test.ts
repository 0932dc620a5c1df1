import {expect} from 'chai'
import {FORMS, WRITERS, weightTypeOf, writerOf} from '../../../../src/passes/quantize/plan/form.js'

describe('forms', () => {
  it('are a way of writing and a type of weights', () => {
    expect(writerOf('static-uint8')).to.equal('static')
    expect(weightTypeOf('stored-uint4')).to.deep.equal({dtype: 'uint4', low: 0, high: 15})
    expect(weightTypeOf('float16')).to.equal(undefined)
  })

  it('are all explained, and each is there once', () => {
    for (const form of FORMS) expect(WRITERS, form).to.have.property(writerOf(form)).that.is.a('string')
    expect(new Set(FORMS).size).to.equal(FORMS.length)
  })
})
