import {expect} from 'chai'
import {
  enumerate,
  latencyCell,
  memoryCell,
  metricCell,
  metricPhrase,
  metricValue,
  sizeCell,
  sizePhrase,
  speedPhrase,
  speedupCell,
} from '../../src/report/bench-words.js'
import type {BenchRow} from '../../src/results.js'
import {benchFixture} from './bench-result.js'

const [baseline, quantized, pruned, broken] = benchFixture.results as [BenchRow, BenchRow, BenchRow, BenchRow]
const {metric} = benchFixture.method

describe('cells of a bench table', () => {
  it('have a dash for what was not measured', () => {
    expect([
      latencyCell(broken, 'p50'),
      speedupCell(broken),
      memoryCell(broken),
      metricCell(broken, metric),
    ]).to.deep.equal(['-', '-', '-', '-'])
    expect(speedupCell(baseline)).to.equal('-')
    expect(metricCell(baseline, null)).to.equal('-')
    expect(metricValue(baseline, 'auc')).to.equal('-')
  })

  it('give sizes as a share of the baseline, and changes of a metric in points', () => {
    expect(sizeCell(baseline)).not.to.contain('%')
    expect(sizeCell(quantized)).to.match(/^439 kB \(26 %\)$/)
    expect(metricCell(quantized, metric)).to.equal('0.9186 (+0.05)')
    expect(metricCell(pruned, metric)).to.match(/^0\.9081 \(.1\.00\)$/)
  })

  it('turn the interval of a ratio around for a speed-up', () => {
    // 1/0.595 and 1/0.565
    expect(speedupCell(quantized)).to.equal('1.72 (1.68-1.77)')
  })

  it('say of a model that ran but could not be judged that it was not', () => {
    expect(metricCell({...quantized, metrics: {top1: null}}, metric)).to.equal('not judged')
  })
})

describe('phrases of a bench report', () => {
  const withVerdict = (verdict: 'faster' | 'slower' | 'no difference' | 'undecided'): BenchRow => ({
    ...quantized,
    relative: {latency: {ratio: 0.8, low: 0.5, high: 1.25, speedup: 1.25, verdict}, size: 1, metric: null},
  })

  it('do not hide that a model became slower or larger', () => {
    expect(speedPhrase(withVerdict('slower'))).to.match(
      /^SLOWER, 1\.25 times as fast \(95 % interval 0\.8\d* to 2\.\d+\)$/,
    )
    expect(sizePhrase({...quantized, relative: {latency: null, size: 1.04, metric: null}})).to.equal(
      'LARGER, 104 % of the size',
    )
    expect(speedPhrase(withVerdict('undecided'))).to.match(/^speed undecided/)
    expect(speedPhrase(withVerdict('no difference'))).to.match(/^no difference in speed/)
    expect(speedPhrase(withVerdict('faster'))).to.match(/^1\.25 times as fast/)
    expect(speedPhrase(broken)).to.equal('speed not compared')
    expect(sizePhrase(pruned)).to.equal('the same size')
  })

  it('say from where to where a metric went, or that it stayed', () => {
    expect(metricPhrase(quantized, metric)).to.equal('top1 from 0.9181 to 0.9186 (+0.05 points)')
    const same = {...quantized, relative: {latency: null, size: 1, metric: 0}}
    expect(metricPhrase(same, metric)).to.equal('top1 0.9186 as before')
    expect(metricPhrase(baseline, metric)).to.equal('')
    expect(metricPhrase(quantized, null)).to.equal('its answers not judged')
    expect(metricPhrase(broken, metric)).to.equal('top1 not judged')
  })
})

describe('enumerate', () => {
  it('joins what there is to say', () => {
    expect(enumerate(['a', '', 'b', 'c'])).to.equal('a, b and c')
    expect(enumerate(['', 'a'])).to.equal('a')
    expect(enumerate([])).to.equal('')
  })
})
