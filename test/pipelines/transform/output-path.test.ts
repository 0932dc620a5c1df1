import {join} from 'node:path'
import {expect} from 'chai'
import {outputPath} from '../../../src/pipelines/transform/output-path.js'
import {DataFolder} from '../../support/data-folder.js'

describe('outputPath', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('is beside the input, named after what the verb did', () => {
    expect(outputPath('models/net.onnx', 'int8', undefined)).to.equal(join('models', 'net.int8.onnx'))
    expect(outputPath('net.v2.onnx', 'pruned', undefined)).to.equal('net.v2.pruned.onnx')
    expect(outputPath('net', 'pruned', undefined)).to.equal('net.pruned.onnx')
  })

  it('is inside a folder, one that exists or one that ends with a slash', () => {
    expect(outputPath('models/net.onnx', 'int8', folder.path)).to.equal(join(folder.path, 'net.int8.onnx'))
    expect(outputPath('models/net.onnx', 'int8', 'not-yet/')).to.equal(join('not-yet', 'net.int8.onnx'))
  })

  it('is the file that was named', () => {
    expect(outputPath('models/net.onnx', 'int8', 'out/small.onnx')).to.equal('out/small.onnx')
  })
})
