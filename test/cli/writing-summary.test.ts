import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import {pruneSummary, quantizeSummary} from '../../src/cli/writing-summary.js'
import type {Fidelity, PruneResult, QuantizeResult} from '../../src/results.js'

const LOGITS = {
  ...{name: 'logits', kind: 'labels' as const, because: 'scores of 10 classes', measure: 'same labels', value: 0.995},
  ...{floor: 0.98, reason: null, details: {}, maxAbs: 0.0123456, cosine: 0.99987654, sqnrDb: 34.56},
}

const FIDELITY: Fidelity = {
  ...{maxAbs: 0.0123456, cosine: 0.99987654, sqnrDb: 34.56, agreement: 0.995, inputs: 'data'},
  ...{against: 'input', worst: 'logits', samples: 64, outputs: [LOGITS]},
}

const RESULT: QuantizeResult = {
  calibration: null,
  rounding: null,
  tried: [],
  searched: [],
  tuned: null,
  schemaVersion: 1,
  command: 'quantize',
  warnings: [],
  input: {path: 'models/net.onnx', sizeBytes: 2_000_000},
  output: {path: 'out/net.int8.onnx', sizeBytes: 500_000},
  changed: [
    {rule: 'static', node: 'a', op: 'Conv', from: 'float32', to: 'int8', count: 1},
    {rule: 'static', node: 'b', op: 'Conv', from: 'float32', to: 'int8', count: 1},
    {rule: 'absorb-activation', node: 'r', op: 'Relu', to: 'a', count: 1},
  ],
  skipped: [
    {node: 'c', op: 'Conv', reason: 'a reason'},
    {node: 'd', op: 'Conv', reason: 'a reason'},
    {node: 'e', op: 'Gemm', reason: 'another'},
  ],
  fidelity: FIDELITY,
  timing: {before: 0.2, after: 0.1, ratio: 0.5, low: 0.45, high: 0.55, verdict: 'faster'},
  budget: null,
  metric: {name: 'top1', before: 0.9, after: 0.895, samples: 1000},
  seconds: 1,
  peakRssBytes: 1,
  mode: 'static',
  cpu: 'vnni',
}

const plain = (text: string) =>
  stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd())

describe('quantizeSummary', () => {
  it('says what became smaller, how near the outputs are and how fast it runs', () => {
    const lines = plain(quantizeSummary(RESULT, false))
    expect(lines[0]).to.equal('net.int8.onnx: 500 kB, 25 % of 2 MB')
    expect(lines.slice(1).map((line) => line.replace(/ {2,}/, ' | '))).to.deep.equal([
      'quantized | 2 static (static, for vnni)',
      "output | 'logits' (labels) 99.5 % same labels, SQNR 34.6 dB, cosine 0.99988, max difference 0.0123 (on 64 samples)",
      'latency | 0.200 to 0.100 ms, speed-up 2.00x (1.82 to 2.22): faster',
      'top1 | 0.9000 to 0.8950 on 1000 samples',
      "left as it is | Conv 'c' and 1 more: a reason",
      "left as it is | Gemm 'e': another",
    ])
  })

  it('names every node that stayed with --verbose', () => {
    expect(quantizeSummary(RESULT, true)).to.include("Conv 'd': a reason")
  })

  it('lists what --tune timed, the kept alternative marked', () => {
    const tuned = [
      {question: 'SiLU', alternative: 'on integers', ratio: 1.25, low: 1, high: 1.6, kept: false},
      {question: 'last layer', alternative: 'float', ratio: 0.8, low: 0.78125, high: 0.9, kept: true},
      {question: 'first layers', alternative: 'float', ratio: null, low: null, high: null, kept: false},
    ]
    const lines = plain(quantizeSummary({...RESULT, tuned}, false)).map((line) => line.replace(/ {2,}/, ' | '))
    expect(lines.filter((line) => line.startsWith('tuned'))).to.deep.equal([
      'tuned | SiLU: on integers, speed-up 0.80x (0.63 to 1.00)',
      'tuned | last layer: float, speed-up 1.25x (1.11 to 1.28), kept',
      'tuned | first layers: float, does not run',
    ])
  })

  it('begins with SLOWER or LARGER when it is', () => {
    const timing = {before: 0.1, after: 0.12, ratio: 1.2, low: 1.1, high: 1.3, verdict: 'slower'} as const
    expect(plain(quantizeSummary({...RESULT, timing}, false))[0]).to.match(
      /^SLOWER net\.int8\.onnx.*1\.20x the latency$/,
    )
    const output = {path: 'net.onnx', sizeBytes: 2_100_000}
    const warnings = [{code: 'LARGER', message: 'the output has 2100000 bytes, the input 2000000'}]
    expect(plain(quantizeSummary({...RESULT, output, warnings}, false))[0]).to.match(
      /^LARGER net\.onnx: 2\.1 MB, 105 % of 2 MB$/,
    )
  })

  it('counts bytes where percent would show no difference', () => {
    const sized = (sizeBytes: number) =>
      plain(quantizeSummary({...RESULT, output: {path: 'net.onnx', sizeBytes}}, false))[0]
    expect(sized(2_000_120)).to.equal('net.onnx: 2 MB, 120 bytes more than the input')
    expect(sized(1_999_999)).to.equal('net.onnx: 2 MB, 1 byte less than the input')
    expect(sized(2_000_000)).to.equal('net.onnx: 2 MB, as large as the input')
  })

  it('says so when nothing was quantized', () => {
    expect(quantizeSummary({...RESULT, changed: []}, false)).to.match(/quantized +nothing \(static/)
  })

  it('has words for outputs that are equal and for outputs that are no numbers', () => {
    const of = (fidelity: QuantizeResult['fidelity']) => quantizeSummary({...RESULT, fidelity}, false)
    const made = {...LOGITS, value: null, reason: 'the inputs were made up', reasonCode: 'MADE_UP_INPUTS'} as const
    const synthetic = {...FIDELITY, inputs: 'synthetic', agreement: null, outputs: [made]} as const
    expect(of({...synthetic, outputs: [{...made, maxAbs: 0}]})).to.include(
      "'logits' (labels) not judged, equal (synthetic input)",
    )
    const odd = {...LOGITS, maxAbs: null, cosine: null, sqnrDb: null}
    expect(of({...FIDELITY, outputs: [odd]})).to.include('not finite on one side only')
  })

  it('never lets a loss look like none, and says what was not compared, and against what', () => {
    const of = (fidelity: QuantizeResult['fidelity']) => quantizeSummary({...RESULT, fidelity}, false)
    const almost = {...LOGITS, value: 0.99999}
    expect(of({...FIDELITY, against: 'teacher', outputs: [almost]})).to.match(
      /99\.999 % same labels, .* \(on 64 samples, against the teacher\)/,
    )
    const list = {...LOGITS, name: 'list', kind: null, value: null, reason: 'it is no tensor'}
    expect(of({...FIDELITY, outputs: [LOGITS, list]})).to.include("'list' not compared: it is no tensor")
  })
})

describe('pruneSummary', () => {
  it('says how much is zero and what gzip makes of it', () => {
    const {mode: _mode, cpu: _cpu, ...shared} = RESULT
    const result: PruneResult = {
      ...shared,
      sparsity: 0.3,
      asked: {sparsity: 0.3, sparsityBefore: 0},
      parameters: {before: 10, after: 10},
      macs: {before: 1, after: 1},
      compressedBytes: {before: 1_800_000, after: 1_400_000},
      groups: [{node: 'a', weight: 'w', parameters: 10, sparsity: 0.3}],
      removed: null,
      criterion: null,
      repair: null,
      training: null,
    }
    const text = pruneSummary(result, false)
    expect(text).to.match(/pruned +30 % of the values in 1 weight are zero *\n/)
    const pruned = (sparsity: number, asked: PruneResult['asked']) => pruneSummary({...result, sparsity, asked}, false)
    expect(pruned(0.3, {sparsity: 0.3, sparsityBefore: 0.1})).to.include('are zero, 10 % before')
    expect(pruned(0.2449, {sparsity: 0.2, sparsityBefore: 0.1})).to.include('are zero, 10 % before, 20 % asked for')
    expect(pruned(0.2449, {sparsity: 0.2, sparsityBefore: 0.2449})).to.include(
      'nothing: 24.49 % of the values in 1 weight are zero already, 20 % asked for',
    )
    expect(text).to.match(/compressed +1\.8 MB to 1\.4 MB \(gzip\)/)
    expect(text).not.to.include('epochs')
    const epoch = {epoch: 1, trainLoss: 0.5, metric: 0.9, learningRate: 1e-3, samplesPerSecond: 1234.5}
    const training = {
      teacher: null,
      teacherOutputs: null,
      history: [epoch],
      bestEpoch: 1,
      steps: 8,
      losses: ['cross-entropy'],
      stopped: null,
    }
    const trained = pruneSummary({...result, training}, true)
    expect(trained).to.match(/epochs +1, the last one kept; 8 updates, 1,235 samples\/s/)
    expect(trained).to.match(/epoch 1 +loss 0\.5000, metric 0\.9000, learning rate 0\.00100/)
  })
})
