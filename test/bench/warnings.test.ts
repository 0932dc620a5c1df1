import {expect} from 'chai'
import {type RowFacts, rowWarnings} from '../../src/bench/warnings.js'
import type {BenchRow} from '../../src/results.js'
import {benchFixture} from '../report/bench-result.js'

const [row] = benchFixture.results as [BenchRow]

function codes(changes: Partial<BenchRow>, facts: Partial<RowFacts> = {}): string[] {
  return rowWarnings([{row: {...row, ...changes}, cpuShare: 1, isQuantized: false, isDynamic: false, ...facts}]).map(
    ({code}) => code,
  )
}

describe('rowWarnings', () => {
  it('is silent about a clean measurement', () => {
    expect(codes({})).to.deep.equal([])
  })

  it('tells a busy machine by the CPU time, at one thread on the CPU only', () => {
    expect(codes({}, {cpuShare: 0.8})).to.deep.equal(['BUSY_MACHINE'])
    expect(codes({threads: 2}, {cpuShare: 0.8})).to.deep.equal([])
    expect(codes({provider: 'webgpu'}, {cpuShare: 0.1})).to.deep.equal([])
    expect(codes({}, {cpuShare: undefined})).to.deep.equal([])
  })

  it('tells too few runs and too few processes', () => {
    const latencyMs = row.latencyMs && {...row.latencyMs, samples: 4, processes: 2}
    expect(codes({latencyMs})).to.deep.equal(['FEW_RUNS', 'FEW_PROCESSES'])
  })

  it('tells nodes that ran elsewhere, and int8 where it cannot pay', () => {
    expect(codes({provider: 'webgpu', nodesByProvider: {cpu: 2, webgpu: 8}})).to.deep.equal(['NODES_ON_CPU'])
    expect(codes({provider: 'webgpu', nodesByProvider: {webgpu: 8}}, {isQuantized: true})).to.deep.equal([
      'INT8_ON_WEBGPU',
    ])
  })

  it('tells that dynamic int8 depends on the batch, when it was evaluated', () => {
    expect(codes({evalBatch: 1}, {isDynamic: true})).to.deep.equal(['DYNAMIC_EVAL_BATCH'])
    expect(codes({evalBatch: null}, {isDynamic: true})).to.deep.equal([])
  })

  it('tells zeros that give no speed', () => {
    const latency = {ratio: 1, low: 0.99, high: 1.01, speedup: 1, verdict: 'no difference'} as const
    expect(codes({sparsity: 0.9, relative: {latency, size: 1, metric: null}})).to.deep.equal(['ZEROS_NOT_FASTER'])
    expect(
      codes({sparsity: 0.9, relative: {latency: {...latency, verdict: 'faster'}, size: 1, metric: null}}),
    ).to.deep.equal([])
  })
})
