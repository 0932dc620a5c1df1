import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {inspectResult} from '../../src/results.js'
import {runMopt} from '../support/run-mopt.js'

const CNN = 'fixtures/models/cnn_fm.onnx'

describe('mopt inspect', () => {
  it('gives the documented JSON, with figures known from elsewhere', async () => {
    const {code, stdout, stderr} = await runMopt(['inspect', CNN, '--json'])
    expect({code, stderr}).to.deep.equal({code: 0, stderr: ''})
    const bytes = readFileSync(CNN)
    const {model, ...rest} = inspectResult.strict().parse(JSON.parse(stdout))
    expect(rest).to.deep.equal({schemaVersion: 1, command: 'inspect', warnings: []})
    expect(model.sizeBytes).to.equal(bytes.length)
    expect(model.sha256).to.equal(createHash('sha256').update(bytes).digest('hex'))
    expect(model.compressedBytes).to.be.closeTo(gzipSync(bytes, {level: 6}).length, 64)
    expect(model.opsets).to.deep.equal({'ai.onnx': 13})
    expect(model.inputs).to.deep.equal([{name: 'input', dtype: 'float32', shape: ['N', 1, 28, 28]}])
    expect(model.outputs).to.deep.equal([{name: 'logits', dtype: 'float32', shape: ['N', 10]}])
    expect(model.ops).to.include({Conv: 3, Gemm: 2, Relu: 4, MaxPool: 2})
    // 1·16·9 + 16, 16·32·9 + 32, 32·64·9 + 64, 3136·128 + 128, 128·10 + 10
    expect(model.parameters.count).to.equal(426_122)
    expect(model.parameters.bytes).to.equal(4 * 426_122)
    // the same products times the output pixels: 28², 14², 14², 1, 1
    expect(model.macs).to.equal(144 * 784 + 4608 * 196 + 18_432 * 196 + 401_408 + 1280)
  })

  it('lists the layers with shapes, parameters and MACs that add up', async () => {
    const {stdout} = await runMopt([
      'inspect',
      'fixtures/models/bert_spam.onnx',
      '--layers',
      '--dim',
      'seq=64',
      '--json',
    ])
    const {model, layers = []} = inspectResult.parse(JSON.parse(stdout))
    expect(layers).to.have.length.above(100)
    expect(layers.reduce((sum, layer) => sum + (layer.macs ?? Number.NaN), 0)).to.equal(model.macs)
    expect(layers.reduce((sum, layer) => sum + layer.parameters, 0)).to.equal(model.parameters.count)
    expect(layers.find((layer) => layer.op === 'Softmax')?.outputShape).to.deep.equal(['batch', 4, 64, 64])
  })

  it('prints a table for people, and says which size the MACs depend on', async () => {
    const {code, stdout} = await runMopt(['inspect', 'fixtures/models/bert_spam.onnx'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^input_ids {7}int64 {2}\[batch, seq\]$/m)
    expect(stdout).to.match(/^MACs {10}unknown, depends on seq: --dim seq=64$/m)
    expect(stdout).to.match(/^quantization {2}float32$/m)
  })

  it('does not load ONNX Runtime', async () => {
    const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`
    const {code, stderr} = await runMopt(['inspect', CNN], {env: {NODE_OPTIONS: `--import=${probe}`}})
    expect(code).to.equal(0)
    expect(stderr).to.equal('native libraries: 0\n')
  })
})

/** Counts the native libraries a process loads: ONNX Runtime is one. */
const PROBE = `
let libraries = 0
const open = process.dlopen
process.dlopen = function (...args) { libraries++; return open.apply(this, args) }
process.on('exit', () => process.stderr.write('native libraries: ' + libraries + '\\n'))
`
