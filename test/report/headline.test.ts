import {expect} from 'chai'
import {headlines} from '../../src/report/headline.js'
import type {BenchResult, BenchRow} from '../../src/results.js'
import {benchFixture} from './bench-result.js'

const [baseline, quantized, pruned] = benchFixture.results as [BenchRow, BenchRow, BenchRow]

function sayFor(...candidates: BenchRow[]): string {
  const result: BenchResult = {...benchFixture, results: [baseline, ...candidates]}
  return headlines(result)[0]?.first ?? ''
}

describe('headlines', () => {
  it('names the fastest of those that are faster, and what it cost', () => {
    expect(sayFor(pruned, quantized)).to.equal(
      'cnn_fm.int8.onnx beats cnn_fm.onnx: 1.72 times as fast (95 % interval 1.68 to 1.77), 26 % of the size and top1 from 0.9181 to 0.9186 (+0.05 points).',
    )
  })

  it('names the smallest when nobody is faster, and none when nobody is smaller either', () => {
    const small = {...pruned, model: 'small.onnx', relative: pruned.relative && {...pruned.relative, size: 0.5}}
    expect(sayFor(pruned, small)).to.match(
      /^small\.onnx beats cnn_fm\.onnx: no difference in speed .* 50 % of the size/,
    )
    expect(sayFor(pruned)).to.equal('Nothing beats cnn_fm.onnx.')
  })

  it('lets nobody beat another whose answers were not judged, or are worse', () => {
    const unjudged = {...quantized, relative: quantized.relative && {...quantized.relative, metric: null}}
    expect(sayFor(unjudged)).to.match(/^cnn_fm\.int8\.onnx is faster than cnn_fm\.onnx: .* and top1 not judged\.$/)
    const worse = {...quantized, relative: quantized.relative && {...quantized.relative, metric: -0.1}}
    expect(sayFor(worse)).to.match(/^cnn_fm\.int8\.onnx is faster than cnn_fm\.onnx/)
    const result = {...benchFixture, method: {...benchFixture.method, metric: null}, results: [baseline, quantized]}
    expect(headlines(result)[0]?.first).to.match(/is faster than .* and its answers not judged\.$/)
  })

  it('does not let a smaller model win that is slower', () => {
    const latency = {ratio: 2, low: 1.9, high: 2.1, speedup: 0.5, verdict: 'slower'} as const
    const slow = {...quantized, relative: quantized.relative && {...quantized.relative, latency}}
    expect(sayFor(slow)).to.equal('Nothing beats cnn_fm.onnx.')
  })

  it('gives the latency of a model that is alone', () => {
    expect(sayFor()).to.equal('cnn_fm.onnx takes 0.148 ms (median), 0.171 ms at p95.')
  })
})
