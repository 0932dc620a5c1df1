import {expect} from 'chai'
import {benchResult, benchRow} from '../../src/results/bench.js'
import {benchFixture} from '../report/bench-result.js'

describe('benchResult', () => {
  it('takes the document of a bench as it is, JSON and back', () => {
    expect(benchResult.parse(JSON.parse(JSON.stringify(benchFixture)))).to.deep.equal(benchFixture)
  })

  it('refuses a document without its method', () => {
    expect(benchResult.safeParse({...benchFixture, method: undefined}).success).to.equal(false)
  })
})

describe('benchRow', () => {
  const [row] = benchFixture.results

  it('has null, and never NaN, for what was not measured', () => {
    expect(benchRow.safeParse({...row, latencyMs: null, throughput: null, loadMs: null}).success).to.equal(true)
    expect(benchRow.safeParse({...row, throughput: Number.NaN}).success).to.equal(false)
    expect(benchRow.safeParse({...row, metrics: {top1: null}}).success).to.equal(true)
  })

  it('has one end of an interval known, or none, but two', () => {
    expect(benchRow.safeParse({...row, latencyIntervals: {p50: [null, null]}}).success).to.equal(true)
    expect(benchRow.safeParse({...row, latencyIntervals: {p50: [1]}}).success).to.equal(false)
  })
})
