import {expect} from 'chai'
import {Measurement} from '../../../src/bench/measurement.js'
import type {BenchModel} from '../../../src/pipelines/bench/models.js'
import {benchRow, type RowSource} from '../../../src/pipelines/bench/rows.js'

const MODEL: BenchModel = {
  ...{name: 'm.onnx', path: '/some/where/m.onnx', sizeBytes: 200, compressedBytes: 100, parameters: 5, sparsity: 0},
  ...{isQuantized: false, isDynamic: false, evalBatch: 64, inputs: [], plans: new Map(), failure: undefined},
}
const SETTING = {provider: 'cpu', batch: 4, threads: 1}
const OPTIONS = {minEffect: 0.02, firstMetric: 'top1', profile: false}

/** Two processes of ten equal runs. */
function measured(ms: number, baseline?: Measurement): Measurement {
  const one = new Measurement()
  for (let process = 0; process < 2; process++) {
    one.beginProcess(3)
    one.addBlock({latenciesMs: Float64Array.from({length: 10}, () => ms), cpuMs: 10 * ms, wallMs: 10 * ms})
    one.endProcess(baseline)
  }
  return one
}
const source = (measurement: Measurement, more: Partial<RowSource> = {}): RowSource => ({
  ...{model: MODEL, setting: SETTING, measurement, accuracy: undefined, profile: undefined},
  ...more,
})
const judged = (value: number | null) => ({
  accuracy: {values: new Map([['top1', value === null ? null : {value, low: 0.1, high: 0.9}]]), evalBatch: 64},
})

describe('benchRow', () => {
  it('has the figures of the baseline, and nothing to hold it against', () => {
    const row = benchRow(source(measured(2), judged(0.5)), undefined, OPTIONS)
    expect(row).to.deep.include({model: 'm.onnx', status: 'ok', loadMs: 3, relative: null, metrics: {top1: 0.5}})
    // four samples every 2 ms
    expect(row.throughput).to.be.closeTo(2000, 1e-9)
    expect(row.metricIntervals).to.deep.equal({top1: [0.1, 0.9]})
  })

  it('holds another model against it', () => {
    const base = source(measured(2), judged(0.5))
    const small = {...MODEL, sizeBytes: 50}
    const {relative} = benchRow(source(measured(1, base.measurement), {...judged(0.75), model: small}), base, OPTIONS)
    expect(relative).to.deep.include({size: 0.25, metric: 0.25})
    expect(relative?.latency?.speedup).to.be.closeTo(2, 1e-9)
    expect(relative?.latency?.verdict).to.equal('faster')
  })

  it('has no interval of one process, and says so with null', () => {
    const one = new Measurement()
    one.beginProcess(1)
    one.addBlock({latenciesMs: Float64Array.of(1, 2, 3), cpuMs: 6, wallMs: 6})
    one.endProcess(undefined)
    expect(benchRow(source(one), undefined, OPTIONS).latencyIntervals.p50).to.deep.equal([null, null])
  })

  it('calls a model that failed by its name, wherever its file was', () => {
    const failed = new Measurement()
    failed.fail(new Error('cannot load /some/where/m.onnx'))
    const row = benchRow(source(failed), source(measured(2)), OPTIONS)
    expect(row).to.deep.include({status: 'failed', error: 'cannot load m.onnx', latencyMs: null, throughput: null})
    expect(row.relative?.latency).to.equal(null)
  })

  it('tells null, not NaN, of what could not be judged', () => {
    const base = source(measured(2), judged(0.5))
    for (const value of [null, Number.NaN]) {
      const row = benchRow(source(measured(2, base.measurement), judged(value)), base, OPTIONS)
      expect(row.metrics).to.deep.equal({top1: null})
      expect(row.relative?.metric).to.equal(null)
    }
  })

  it('lists operators only where they were asked for', () => {
    const profile = {nodesByProvider: {CPU: 1}, byOp: [{op: 'Conv', provider: 'CPU', durUs: 5, count: 1}]}
    const of = (wanted: boolean) =>
      benchRow(source(measured(2), {profile: profile as unknown as RowSource['profile']}), undefined, {
        ...OPTIONS,
        profile: wanted,
      })
    expect(of(true).profile).to.deep.equal([{op: 'Conv', provider: 'CPU', durationUs: 5, count: 1}])
    expect(of(false)).not.to.have.property('profile')
    expect(of(false).nodesByProvider).to.deep.equal({CPU: 1})
  })
})
