import {expect} from 'chai'
import {displayNames} from '../../../src/pipelines/bench/models.js'

describe('displayNames', () => {
  it('is the file name, with folders or numbers only where these are needed', () => {
    expect(displayNames(['a/m.onnx', 'b/n.onnx'])).to.deep.equal(['m.onnx', 'n.onnx'])
    expect(displayNames(['a/m.onnx', 'a/m.onnx', 'n.onnx'])).to.deep.equal(['m.onnx', 'm.onnx #2', 'n.onnx'])
    expect(displayNames(['a/m.onnx', './b/m.onnx'])).to.deep.equal(['a/m.onnx', 'b/m.onnx'])
  })

  it('is never an absolute path', () => {
    expect(displayNames(['/some/where/m.onnx', '/else/where/m.onnx'])).to.deep.equal([
      'where/m.onnx',
      'where/m.onnx #2',
    ])
  })
})
