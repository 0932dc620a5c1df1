import {expect} from 'chai'
import {
  type BudgetSubject,
  type BudgetText,
  checkBudget,
  parseBudget,
  requireComparable,
} from '../../src/bench/budget.js'
import {parseDropLimit, parseLatencyLimit, parseSizeLimit} from '../../src/bench/budget-limits.js'
import {UsageError} from '../../src/errors.js'

const subject: BudgetSubject = {
  model: 'small.onnx',
  provider: 'cpu',
  batch: 1,
  threads: 1,
  sizeBytes: 400_000,
  baselineSizeBytes: 1_000_000,
  latency: {p50: {point: 5.1, low: 4.9, high: 5.3}, p95: {point: 7, low: 6.5, high: 7.5}},
  ratio: {point: 0.7, low: 0.65, high: 0.75},
  metric: {name: 'top1', before: 0.9, after: 0.89, direction: 'higher', bounded: true},
}

function verdict(limits: Partial<BudgetText>, changes: Partial<BudgetSubject> = {}): boolean {
  const budget = parseBudget({strict: false, ...limits})
  if (!budget) throw new Error('no budget')
  return checkBudget([{...subject, ...changes}], budget).passed
}

describe('parseBudget', () => {
  it('reads shares, sizes and times in all their units', () => {
    expect([parseDropLimit('1%'), parseDropLimit('0.01'), parseDropLimit('0')]).to.deep.equal([0.01, 0.01, 0])
    expect(parseSizeLimit('30%')).to.deep.equal({kind: 'share', share: 0.3})
    expect(['4MB', '4 MB', '1MiB', '2kB', '12B'].map(parseSizeLimit)).to.deep.equal(
      [4e6, 4e6, 1_048_576, 2000, 12].map((bytes) => ({kind: 'bytes', bytes})),
    )
    expect(['5ms', '800us', '1s', '1.5 ms'].map((text) => parseLatencyLimit(text).ms)).to.deep.equal([
      5, 0.8, 1000, 1.5,
    ])
    expect(parseLatencyLimit('p95=5ms')).to.deep.equal({percentile: 'p95', ms: 5})
  })

  it('refuses what cannot mean anything, and names the forms it takes', () => {
    const wrong: Partial<BudgetText>[] = [
      ...['', '-1%', 'x', '2', '1 % drop', 'NaN', '1e-2'].map((maxDrop) => ({maxDrop})),
      ...['', '4', '0.3', '4mb', '4 apples', '0MB', '-4MB'].map((maxSize) => ({maxSize})),
      ...['', '5', '5min', 'p42=5ms', 'p95', '=5ms', '0ms'].map((maxLatency) => ({maxLatency})),
      ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((minSpeedup) => ({minSpeedup})),
    ]
    for (const limits of wrong) {
      expect(() => parseBudget({strict: false, ...limits}), JSON.stringify(limits)).to.throw(
        UsageError,
        /expected .* got/,
      )
    }
  })

  it('is nothing when no limit is given', () => {
    expect(parseBudget({strict: true})).to.equal(undefined)
  })
})

describe('requireComparable', () => {
  it('refuses a relative limit for one model, and lets absolute ones pass', () => {
    for (const limits of [{maxDrop: '1%'}, {maxSize: '30%'}, {minSpeedup: 1.5}]) {
      expect(() => requireComparable(parseBudget({strict: false, ...limits}), 1)).to.throw(UsageError, 'got one model')
    }
    requireComparable(parseBudget({strict: false, maxSize: '4MB', maxLatency: '5ms'}), 1)
    requireComparable(parseBudget({strict: false, maxDrop: '1%'}), 2)
  })
})

describe('checkBudget', () => {
  it('counts a drop of a bounded metric in points, in the direction of the metric', () => {
    expect(verdict({maxDrop: '1%'})).to.equal(true)
    expect(verdict({maxDrop: '0.9%'})).to.equal(false)
    const metric = {name: 'loss', before: 0.1, after: 0.2, direction: 'lower', bounded: true} as const
    expect(verdict({maxDrop: '5%'}, {metric})).to.equal(false)
    expect(verdict({maxDrop: '0'}, {metric: {...metric, after: 0.05}})).to.equal(true)
  })

  it('counts a drop of an unbounded metric relative to the baseline', () => {
    const metric = {name: 'rmse', before: 50, after: 51, direction: 'lower', bounded: false} as const
    expect(verdict({maxDrop: '2%'}, {metric})).to.equal(true)
    expect(verdict({maxDrop: '1.9%'}, {metric})).to.equal(false)
    expect(verdict({maxDrop: '1%'}, {metric: {...metric, before: 0, after: 0}})).to.equal(true)
    expect(verdict({maxDrop: '1%'}, {metric: {...metric, before: 0, after: 0.1}})).to.equal(false)
  })

  it('fails a size over its share of the baseline, or over its bytes', () => {
    expect([verdict({maxSize: '40%'}), verdict({maxSize: '39%'})]).to.deep.equal([true, false])
    expect([verdict({maxSize: '400kB'}), verdict({maxSize: '399kB'})]).to.deep.equal([true, false])
    expect(verdict({maxSize: '0.4MB'}, {baselineSizeBytes: undefined})).to.equal(true)
  })

  it('fails times only when the whole interval is on the wrong side, unless it is strict', () => {
    expect([verdict({maxLatency: '5ms'}), verdict({maxLatency: '4.8ms'})]).to.deep.equal([true, false])
    expect(verdict({maxLatency: '5ms', strict: true})).to.equal(false)
    expect([verdict({maxLatency: 'p95=7ms'}), verdict({maxLatency: 'p95=6ms'})]).to.deep.equal([true, false])
    // speed-up 1.43, from 1.33 to 1.54
    expect([verdict({minSpeedup: 1.5}), verdict({minSpeedup: 1.55})]).to.deep.equal([true, false])
    expect(verdict({minSpeedup: 1.5, strict: true})).to.equal(false)
  })

  it('misses every limit of a model that failed, and says why', () => {
    const budget = parseBudget({strict: false, maxSize: '4MB', minSpeedup: 1})
    const result = budget && checkBudget([{...subject, failure: 'it does not load'}], budget)
    expect(result?.checks.map(({passed, actual}) => [passed, actual])).to.deep.equal([
      [false, 'no result: it does not load'],
      [false, 'no result: it does not load'],
    ])
  })

  it('misses a limit on what was not measured', () => {
    expect(verdict({maxDrop: '1%'}, {metric: undefined})).to.equal(false)
    expect(verdict({minSpeedup: 1}, {ratio: undefined})).to.equal(false)
    expect(verdict({maxLatency: 'p99=1s'})).to.equal(false)
  })

  it('says limit and figure in words that read after "has"', () => {
    const budget = parseBudget({strict: false, maxDrop: '0.5%', maxSize: '30%', minSpeedup: 2, maxLatency: '1ms'})
    const checks = budget ? checkBudget([subject], budget).checks : []
    expect(checks.map(({name, limit, actual}) => `--${name} ${limit}: has ${actual}`)).to.deep.equal([
      '--max-drop 0.5%: has a drop of 1.00 points in top1 (0.9 to 0.89)',
      '--max-size 30%: has 40.0 % of the baseline (400,000 bytes)',
      '--min-speedup 2: has a speed-up of 1.43 (1.33 to 1.54)',
      '--max-latency 1ms: has p50 5.1 ms (4.9 to 5.3 ms)',
    ])
  })
})
