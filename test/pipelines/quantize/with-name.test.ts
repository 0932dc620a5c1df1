import {existsSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {withName} from '../../../src/pipelines/quantize/with-name.js'
import {DataFolder} from '../../support/data-folder.js'
import {quantizeOptions} from '../../support/pipeline-options.js'

describe('withName', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  type Changes = Parameters<typeof quantizeOptions>[0]
  const named = (input: string, changes: Changes) =>
    withName(join(folder.path, input), quantizeOptions({naming: 'transformers.js', ...changes})).output.path
  const at = (name: string) => join(folder.path, name)

  it('gives each type the name under which transformers.js loads it', () => {
    const names = (['int8', 'uint8', 'int4', 'uint4'] as const).map((weights) => named('net.onnx', {weights}))
    expect(names).to.deep.equal(['quantized', 'uint8', 'q4', 'q4'].map((type) => at(`onnx/model_${type}.onnx`)))
    expect(named('net.onnx', {mode: 'float16'})).to.equal(at('onnx/model_fp16.onnx'))
    expect(named('net.onnx', {mode: 'float16', weights: 'int4'})).to.equal(at('onnx/model_q4f16.onnx'))
    expect(existsSync(at('onnx'))).to.equal(true)
  })

  it('keeps the names of parts, and those in such a folder', () => {
    expect(named('decoder_model_merged.onnx', {})).to.equal(at('onnx/decoder_model_merged_quantized.onnx'))
    expect(named('onnx/anything.onnx', {})).to.equal(at('onnx/anything_quantized.onnx'))
  })

  it('goes to the folder of the output, and leaves a file that was named', () => {
    mkdirSync(at('repo'))
    expect(named('net.onnx', {output: at('repo')})).to.equal(at('repo/onnx/model_quantized.onnx'))
    expect(named('net.onnx', {output: at('repo/onnx/')})).to.equal(at('repo/onnx/model_quantized.onnx'))
    expect(named('net.onnx', {output: at('mine.onnx')})).to.equal(at('mine.onnx'))
    expect(named('net.onnx', {naming: 'mopt'})).to.equal(undefined)
  })
})
