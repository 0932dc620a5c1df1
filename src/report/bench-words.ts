import type {BenchResult, BenchRow} from '../results.js'
import {bytesText, factorText, metricText, msText, percentText, signed} from './figures.js'

/** The cells and half sentences that the console table and the Markdown report share. */

type Metric = BenchResult['method']['metric']

/** `439 kB (26 %)`; the baseline's without the share. */
export function sizeCell(row: BenchRow): string {
  return row.relative ? `${bytesText(row.sizeBytes)} (${percentText(row.relative.size)})` : bytesText(row.sizeBytes)
}

export function latencyCell(row: BenchRow, percentile: 'p50' | 'p95'): string {
  return row.latencyMs ? msText(row.latencyMs[percentile]) : '-'
}

/** `1.72 (1.68-1.77)`: how many times as fast as the baseline, with the 95 % interval. */
export function speedupCell(row: BenchRow): string {
  const latency = row.relative?.latency
  if (!latency) return '-'
  return `${factorText(latency.speedup)} (${factorText(1 / latency.high)}-${factorText(1 / latency.low)})`
}

/** `0.9186 (+0.05)`: the first metric, and its change in points, or in its own unit when it is not bounded. */
export function metricCell(row: BenchRow, metric: Metric): string {
  const value = metric && row.metrics[metric.name]
  if (!metric) return '-'
  if (value === null || value === undefined) return row.status === 'failed' ? '-' : 'not judged'
  const change = row.relative?.metric
  return change === null || change === undefined
    ? metricText(value)
    : `${metricText(value)} (${signed(metric.bounded ? 100 * change : change)})`
}

/** `6.3521`: a metric besides the first, whose change nobody computed. */
export function metricValue(row: BenchRow, name: string): string {
  const value = row.metrics[name]
  return value === null || value === undefined ? '-' : metricText(value)
}

export function memoryCell(row: BenchRow): string {
  return row.peakRssBytes === null ? '-' : bytesText(row.peakRssBytes)
}

/** `1.72 times as fast (95 % interval 1.68 to 1.77)`, or that nothing can be told apart. */
export function speedPhrase(row: BenchRow): string {
  const latency = row.relative?.latency
  if (!latency) return 'speed not compared'
  const interval = `95 % interval ${factorText(1 / latency.high)} to ${factorText(1 / latency.low)}`
  if (latency.verdict === 'no difference') return `no difference in speed (${factorText(latency.speedup)}, ${interval})`
  if (latency.verdict === 'undecided') return `speed undecided (${factorText(latency.speedup)}, ${interval})`
  if (latency.verdict === 'slower') return `SLOWER, ${factorText(latency.speedup)} times as fast (${interval})`
  return `${factorText(latency.speedup)} times as fast (${interval})`
}

/** `26 % of the size`, `larger: 104 % of the size`. */
export function sizePhrase(row: BenchRow): string {
  const share = row.relative?.size ?? 1
  if (share === 1) return 'the same size'
  return `${share > 1 ? 'LARGER, ' : ''}${percentText(share)} of the size`
}

/** `top1 from 0.9181 to 0.9186 (+0.05 points)`, `top1 0.9181 as before`; or that nothing was judged. */
export function metricPhrase(row: BenchRow, metric: Metric): string {
  const value = metric && row.metrics[metric.name]
  const change = row.relative?.metric
  if (!row.relative) return ''
  if (!metric) return 'its answers not judged'
  if (value === null || value === undefined || change === null || change === undefined)
    return `${metric.name} not judged`
  if (change === 0) return `${metric.name} ${metricText(value)} as before`
  const points = metric.bounded ? `${signed(100 * change)} points` : signed(change, 4)
  return `${metric.name} from ${metricText(value - change)} to ${metricText(value)} (${points})`
}

/** `a, b and c`, empty ones left out. */
export function enumerate(phrases: readonly string[]): string {
  const said = phrases.filter((phrase) => phrase !== '')
  const last = said.pop() ?? ''
  return said.length === 0 ? last : `${said.join(', ')} and ${last}`
}
