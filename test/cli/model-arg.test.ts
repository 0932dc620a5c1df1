import {expect} from 'chai'
import {refuseStdin} from '../../src/cli/model-arg.js'
import {UsageError} from '../../src/errors.js'

describe('refuseStdin', () => {
  it('hands paths on, those that begin with a dash too', () => {
    expect(refuseStdin('model.onnx')).to.equal('model.onnx')
    expect(refuseStdin('./-')).to.equal('./-')
    expect(refuseStdin('-a.onnx')).to.equal('-a.onnx')
  })

  it('refuses standard input, and says what to do', () => {
    expect(() => refuseStdin('-'))
      .to.throw(UsageError, "got '-'")
      .with.property('hint', 'Save the model to a file first')
  })
})
