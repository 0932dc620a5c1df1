import {expect} from 'chai'
import {commandLine, typedCommand} from '../../../src/pipelines/transform/command-line.js'

describe('commandLine', () => {
  it('quotes for a shell and cuts absolute paths', () => {
    const argv = ['bench', 'a b.onnx', '/home/me/m.onnx', '--data=/data/x.npz', '--max-drop', '1%', "it's"]
    expect(commandLine(argv)).to.equal("mopt bench 'a b.onnx' m.onnx --data=x.npz --max-drop 1% 'it'\\''s'")
  })

  it('keeps an argument that is empty, and what a shell would take apart', () => {
    expect(commandLine(['', '$HOME', 'a;b', '*'])).to.equal("mopt '' '$HOME' 'a;b' '*'")
    expect(commandLine(['--name=/a/b\nc'])).to.equal("mopt '--name=b\nc'")
  })
})

describe('typedCommand', () => {
  it('keeps whole paths', () => {
    expect(typedCommand(['bench', '/home/me/m.onnx'])).to.equal('mopt bench /home/me/m.onnx')
  })
})
