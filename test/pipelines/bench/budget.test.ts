import {expect} from 'chai'
import {parseBudget} from '../../../src/bench/budget.js'
import {judgeRows} from '../../../src/pipelines/bench/budget.js'
import type {BenchRow} from '../../../src/results.js'
import {benchFixture} from '../../report/bench-result.js'

type Limits = Omit<Parameters<typeof parseBudget>[0], 'strict'>

const [baseline, quantized, pruned, broken] = benchFixture.results as [BenchRow, BenchRow, BenchRow, BenchRow]
const {metric} = benchFixture.method

describe('judgeRows', () => {
  const budget = (text: Limits) => {
    const parsed = parseBudget({...text, strict: false})
    if (!parsed) throw new Error('expected a budget')
    return parsed
  }
  const verdicts = (rows: BenchRow[], text: Limits) =>
    judgeRows(
      [{row: baseline, baseline: undefined}, ...rows.map((row) => ({row, baseline}))],
      metric,
      budget(text),
    ).checks.map(({model, passed}) => [model, passed])

  it('judges every model but the baseline', () => {
    expect(verdicts([quantized, pruned], {maxDrop: '0.5%'})).to.deep.equal([
      ['cnn_fm.int8.onnx', true],
      ['cnn_fm.pruned.onnx', false],
    ])
    expect(verdicts([quantized, pruned], {maxSize: '30%'}).map(([, passed]) => passed)).to.deep.equal([true, false])
  })

  it('judges a model that is alone by itself', () => {
    const {checks, passed} = judgeRows([{row: baseline, baseline: undefined}], metric, budget({maxLatency: '0.2ms'}))
    expect(checks.map(({model}) => model)).to.deep.equal(['cnn_fm.onnx'])
    expect(passed).to.equal(true)
    expect(judgeRows([{row: baseline, baseline: undefined}], metric, budget({maxLatency: '0.1ms'})).passed).to.equal(
      false,
    )
  })

  it('takes a model that failed, or was not judged, for one that misses', () => {
    expect(verdicts([broken], {maxSize: '99%'})).to.deep.equal([['cnn_fm.dynamic.onnx', false]])
    expect(verdicts([{...quantized, metrics: {top1: null}}], {maxDrop: '0.5%'})).to.deep.equal([
      ['cnn_fm.int8.onnx', false],
    ])
  })
})
