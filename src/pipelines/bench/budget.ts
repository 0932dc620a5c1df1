import {type Budget, type BudgetSubject, checkBudget, type MetricChange} from '../../bench/budget.js'
import {PERCENTILES} from '../../bench/measurement.js'
import type {Estimate} from '../../bench/statistics.js'
import type {BenchResult, BenchRow, BudgetResult} from '../../results.js'

/** Judges every row but the baseline's; with one model, that one. */
export function judgeRows(
  rows: readonly {row: BenchRow; baseline: BenchRow | undefined}[],
  metric: BenchResult['method']['metric'],
  budget: Budget,
): BudgetResult {
  const judged = rows.some(({baseline}) => baseline) ? rows.filter(({baseline}) => baseline) : rows
  return checkBudget(
    judged.map(({row, baseline}) => subjectOf(row, baseline, metric)),
    budget,
  )
}

function subjectOf(
  row: BenchRow,
  baseline: BenchRow | undefined,
  metric: BenchResult['method']['metric'],
): BudgetSubject {
  const {model, provider, batch, threads, sizeBytes} = row
  const ratio = row.relative?.latency
  return {
    model,
    provider,
    batch,
    threads,
    failure: row.status === 'failed' ? (row.error ?? 'it failed') : undefined,
    sizeBytes,
    baselineSizeBytes: baseline?.sizeBytes,
    latency: latencyOf(row),
    ratio: ratio ? {point: ratio.ratio, low: ratio.low, high: ratio.high} : undefined,
    metric: baseline && metric ? changeOf(row, baseline, metric) : undefined,
    fidelity: row.fidelity ?? undefined,
  }
}

/** The point is the percentile over all runs; without an interval it stands for both ends. */
function latencyOf({latencyMs, latencyIntervals}: BenchRow): BudgetSubject['latency'] {
  if (!latencyMs) return undefined
  const entries = PERCENTILES.map((name): [string, Estimate] => {
    const point = latencyMs[name]
    const [low, high] = latencyIntervals[name] ?? [null, null]
    return [name, {point, low: Math.min(point, low ?? point), high: Math.max(point, high ?? point)}]
  })
  return Object.fromEntries(entries)
}

function changeOf(
  row: BenchRow,
  baseline: BenchRow,
  {name, direction, bounded}: NonNullable<BenchResult['method']['metric']>,
): MetricChange | undefined {
  const [before, after] = [baseline.metrics[name], row.metrics[name]]
  if (before === null || before === undefined || after === undefined) return undefined
  return {name, before, after, direction, bounded}
}
