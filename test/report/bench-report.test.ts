import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {benchReport} from '../../src/report/bench-report.js'
import {markdown} from '../../src/report/markdown.js'
import {type BenchResult, benchResult} from '../../src/results.js'
import {benchFixture} from './bench-result.js'

function markdownReport(result: BenchResult): string {
  return markdown(benchReport(result), () => '')
}

describe('benchReport', () => {
  it('is the stored report, byte for byte', () => {
    expect(markdownReport(benchFixture)).to.equal(readFileSync('test/golden/report.md', 'utf8'))
  })

  it('is made of a result that fits the documented JSON', () => {
    expect(benchResult.strict().safeParse(benchFixture).error).to.equal(undefined)
  })

  it('is ASCII, so that it reads the same everywhere', () => {
    expect(markdownReport(benchFixture)).to.match(/^[\x20-\x7e\n]*$/)
  })

  it('keeps names from breaking the table', () => {
    const [baseline] = benchFixture.results
    const results = baseline ? [{...baseline, model: 'a|b`c.onnx'}] : []
    const line = markdownReport({...benchFixture, results})
      .split('\n')
      .find((text) => text.startsWith("| `a\\|b'c.onnx`"))
    expect(line).to.be.a('string')
  })

  it('says which setting a headline is about when there are several', () => {
    const results = benchFixture.results.flatMap((row) => [row, {...row, batch: 8}])
    const report = markdownReport({...benchFixture, results})
    expect(report).to.include('**On cpu, batch 1, 1 thread: `cnn_fm.int8.onnx` beats')
    expect(report).to.include('## Results: cpu, batch 8, 1 thread')
  })

  it('shows the change of the first metric beside that one only', () => {
    const results = benchFixture.results.map((row) => ({...row, metrics: {...row.metrics, 'cross-entropy': 0.25}}))
    const report = markdownReport({...benchFixture, results})
    expect(report).to.match(/0\.9186 \(\+0\.05\) \| +0\.2500 \|/)
  })

  it('keeps the name of a file as it is at the start of a sentence', () => {
    const warnings = [{code: 'A', message: 'emb.onnx picks scales per run', hint: 'compare at one batch'}]
    expect(markdownReport({...benchFixture, warnings})).to.include('- emb.onnx picks scales per run. Compare at one')
  })

  it('lists operators when the rows were profiled', () => {
    const profile = [
      {op: 'Conv', provider: 'cpu', durationUs: 75, count: 3},
      {op: 'Relu', provider: 'cpu', durationUs: 25, count: 1},
    ]
    const report = markdownReport({...benchFixture, results: benchFixture.results.map((row) => ({...row, profile}))})
    expect(report).to.match(/\| Conv {5}\| cpu {6}\| +3 \| +75\.0 \| +75 % \|/)
  })
})
