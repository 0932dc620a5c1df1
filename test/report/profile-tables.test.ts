import {expect} from 'chai'
import {profileTables} from '../../src/report/profile-tables.js'
import type {BenchRow} from '../../src/results.js'
import {benchFixture} from './bench-result.js'

describe('profileTables', () => {
  const tables = (profile: BenchRow['profile']) => {
    const [baseline, ...rest] = benchFixture.results as [BenchRow, ...BenchRow[]]
    return profileTables({...benchFixture, results: [{...baseline, profile}, ...rest]})
  }
  const conv = {op: 'Conv', provider: 'CPUExecutionProvider', count: 2}

  it('has a table for each row with a profile, shares of the sum', () => {
    const relu = {op: 'Relu', provider: 'CPUExecutionProvider', count: 1, durationUs: 25}
    const [table, ...more] = tables([{...conv, durationUs: 75}, relu])
    expect(more).to.deep.equal([])
    expect(table?.title).to.equal('cnn_fm.onnx (cpu, batch 1, 1 thread)')
    expect(table?.rows.map((row) => [row[0], row[2], row.at(-1)])).to.deep.equal([
      ['Conv', '2', '75 %'],
      ['Relu', '1', '25 %'],
    ])
  })

  it('has none without a profile, and no share of nothing', () => {
    expect(tables(undefined)).to.deep.equal([])
    expect(tables([])).to.deep.equal([])
    expect(tables([{...conv, durationUs: 0}])[0]?.rows[0]?.at(-1)).to.equal('-')
  })
})
