import {chmodSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {checkOutput, dataPathOf} from '../../src/io/check-output.js'
import {DataFolder} from '../support/data-folder.js'

describe('checkOutput', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('refuses a missing folder, a folder, a read-only folder and the input', () => {
    mkdirSync(join(folder.path, 'locked'))
    chmodSync(join(folder.path, 'locked'), 0o555)
    const input = folder.write('in.onnx', 'model')
    const refused: [string, RegExp][] = [
      [join(folder.path, 'none', 'out.onnx'), /its folder does not exist/],
      [folder.path, /it is a folder/],
      [join(input, 'out.onnx'), /no folder/],
      [`${folder.path}/./in.onnx`, /is the input/],
    ]
    // root may write everywhere
    if (process.getuid?.() !== 0) refused.push([join(folder.path, 'locked', 'out.onnx'), /permission is denied/])
    for (const [path, says] of refused) {
      expect(() => checkOutput(path, {force: true, inputs: [input]}), path).to.throw(says)
    }
    expect(() => checkOutput(join(folder.path, 'new.onnx'), {force: false})).not.to.throw()
  })
})

describe('dataPathOf', () => {
  it('is named after the model, as Hugging Face does in its folders', () => {
    expect(dataPathOf('models/net.onnx')).to.equal('models/net.onnx.data')
    expect(dataPathOf('repo/onnx/model_q4.onnx')).to.equal('repo/onnx/model_q4.onnx_data')
  })
})
