import {expect} from 'chai'
import {table} from '../../src/cli/table.js'
import {benchTables} from '../../src/report/bench-tables.js'
import {benchFixture} from './bench-result.js'

describe('benchTables', () => {
  it('fits 100 columns, with long names cut in the middle and big figures', () => {
    const results = benchFixture.results.map((row) => ({
      ...row,
      model: `a-rather-long-model-name.${row.model}`,
      sizeBytes: row.sizeBytes * 999,
      peakRssBytes: 98_700_000_000,
    }))
    for (const {head, rows, right} of benchTables({...benchFixture, results})) {
      const lines = table(head, rows, {right}).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100)
      expect(lines[1]).to.match(/^a-rath[a-z]*\.\.\w*fm\.onnx /)
    }
  })

  it('has one row per model, the baseline first, with a verdict each', () => {
    const [first] = benchTables(benchFixture)
    expect(first?.rows.map((row) => row[4])).to.deep.equal(['baseline', 'faster', 'no difference', 'failed'])
  })
})
