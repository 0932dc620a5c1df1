import {expect} from 'chai'
import {InferenceSession, Tensor} from 'onnxruntime-node'
import {encodeModel} from '../../src/io/encode-model.js'
import {benchResult} from '../../src/results.js'
import {decoderWriter} from '../support/built-nets.js'
import {DataFolder} from '../support/data-folder.js'
import {npyOf} from '../support/npy-writer.js'
import {modelOf} from '../support/pass-trial.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
const CNN = 'fixtures/models/cnn_fm.onnx'
const DATA = ['--data', 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz', '--mean', '0.286', '--std', '0.353']
const SHORT = ['--runs', '1', '--warmup', '1']

describe('mopt bench', () => {
  it('misses a budget with the exit code 4, one line each, and still prints its table', async () => {
    const budgets = ['--max-size', '1MB', '--max-drop', '0.1%', '--max-latency', 'p95=600s']
    const {code, stdout, stderr} = await runMopt([
      'bench',
      CNN,
      MLP,
      CNN,
      ...DATA,
      '--limit',
      '200',
      ...budgets,
      ...SHORT,
    ])
    expect(code).to.equal(4)
    const missed = stderr.split('\n').filter((line) => line.startsWith('mopt: budget missed:'))
    expect(missed).to.have.length(2)
    expect(missed[0]).to.match(/--max-drop 0\.1%.*mlp_fm\.onnx has a drop of \d+\.\d\d points in top1/)
    expect(missed[1]).to.match(/--max-size 1MB.*cnn_fm\.onnx #2 has 1,706,\d+ bytes/)
    expect(stdout).to.match(/^cpu, batch 1, 1 thread\nmodel +size +p50 ms/)
  })

  it('prints one JSON document with a row per model and setting', async () => {
    const {code, stdout} = await runMopt(['bench', MLP, '--batch', '1,8', '--threads', '1', ...SHORT, '--json'])
    expect(code).to.equal(0)
    const {results, budget} = benchResult.strict().parse(JSON.parse(stdout))
    expect(results.map(({batch, status}) => [batch, status])).to.deep.equal([
      [1, 'ok'],
      [8, 'ok'],
    ])
    expect(budget).to.equal(null)
  })

  const refused: readonly (readonly [args: readonly string[], code: number, text: RegExp])[] = [
    [[], 2, /expected MODELS, got nothing/],
    [[MLP, '--max-drop', '1%'], 2, /got one model/],
    [[MLP, '--max-latency', '5'], 2, /--max-latency: expected .* did you mean --max-latency 5ms\?/i],
    [[MLP, '--provider', 'cuda'], 3, /provider cuda is not available: .*hint: .*install/],
    [[MLP, 'no-such.onnx'], 2, /no-such\.onnx: expected a file/],
    [[MLP, '-'], 2, /standard input/],
    [[MLP, '--warmup', 'long'], 2, /--warmup: expected a time/],
    [[MLP, '--report', 'x.pdf'], 2, /--report x\.pdf: expected a name that ends with/],
  ]
  for (const [args, expected, text] of refused) {
    it(`refuses ${args.slice(1).join(' ') || 'no model'} with the exit code ${expected}`, async () => {
      const outcome = await runMopt(['bench', ...args])
      expect(errorLine(outcome)).to.match(text)
      expect(outcome.code).to.equal(expected)
    })
  }

  it('judges a decoder by the next tokens of its own input, as a loop over its scores does', async () => {
    const folder = new DataFolder()
    try {
      const [samples, tokens, vocabulary] = [6, 8, 32]
      const net = {vocabulary, width: 16, heads: 2, layers: 1, positions: tokens, seed: 500}
      const path = folder.write('decoder.onnx', encodeModel(modelOf(decoderWriter(net))))
      const ids = Array.from({length: samples * tokens}, (_, place) => (place * place + 5 * place) % vocabulary)
      const data = folder.npz('tokens.npz', {input_ids: npyOf(BigInt64Array.from(ids, BigInt), [samples, tokens])})
      const judged = ['--metric', 'perplexity', '--label-column', 'input_ids', '--data', data]
      const {code, stdout, stderr} = await runMopt(['bench', path, ...judged, ...SHORT, '--json'])
      expect(code, stderr).to.equal(0)
      const [row] = benchResult.parse(JSON.parse(stdout)).results
      const session = await InferenceSession.create(path)
      const feed = new Tensor('int64', BigInt64Array.from(ids, BigInt), [samples, tokens])
      const {logits} = await session.run({input_ids: feed})
      const scores = logits?.data as Float32Array
      const losses = ids.flatMap((_, place) => {
        if ((place + 1) % tokens === 0) return []
        const row = Array.from(scores.subarray(place * vocabulary, (place + 1) * vocabulary), Math.exp)
        return [-Math.log((row[ids[place + 1] as number] as number) / row.reduce((sum, one) => sum + one, 0))]
      })
      const expected = Math.exp(losses.reduce((sum, one) => sum + one, 0) / losses.length)
      expect(row?.metrics.perplexity).to.be.closeTo(expected, 1e-4 * expected)
    } finally {
      folder.remove()
    }
  })
})
