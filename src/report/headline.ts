import type {BenchResult, BenchRow} from '../results.js'
import {type SettingGroup, settingGroups} from './bench-settings.js'
import {enumerate, metricPhrase, sizePhrase, speedPhrase} from './bench-words.js'
import {msText} from './figures.js'

/** What a reader should remember, per setting: the model that won with what it cost, then the others. Plain sentences. */
export interface Headline {
  readonly setting: string
  /** The winner's sentence, or that nobody won. */
  readonly first: string
  readonly others: readonly string[]
}

/** @param mark how a model's name is set off: backquotes in Markdown. */
export function headlines(result: BenchResult, mark: (name: string) => string = (name) => name): Headline[] {
  return settingGroups(result).map((group) => headline(result, group, mark))
}

function headline(result: BenchResult, {title, rows}: SettingGroup, mark: (name: string) => string): Headline {
  const [baseline, ...candidates] = rows
  const sentence = (row: BenchRow) => `${mark(row.model)}: ${judgement(result, row)}.`
  if (!baseline) return {setting: title, first: '', others: []}
  if (candidates.length === 0) return {setting: title, first: alone(baseline, mark), others: []}
  const winner = winnerOf(candidates)
  if (!winner) {
    return {setting: title, first: `Nothing beats ${mark(baseline.model)}.`, others: candidates.map(sentence)}
  }
  const first = `${mark(winner.model)} ${verbOf(result, winner)} ${mark(baseline.model)}: ${judgement(result, winner)}.`
  return {setting: title, first, others: candidates.filter((row) => row !== winner).map(sentence)}
}

/** The fastest of those that are faster, else the smallest of those that are smaller and not slower. */
function winnerOf(candidates: readonly BenchRow[]): BenchRow | undefined {
  const speedup = (row: BenchRow) => row.relative?.latency?.speedup ?? 0
  const faster = candidates.filter((row) => row.relative?.latency?.verdict === 'faster')
  if (faster.length > 0) return faster.reduce((best, row) => (speedup(row) > speedup(best) ? row : best))
  const smaller = candidates.filter((row) => row.relative && row.relative.size < 1 && hasKeptSpeed(row))
  return smaller.sort((a, b) => a.sizeBytes - b.sizeBytes)[0]
}

/** What the metric may lose of a model that beats another: 2 %, in points where it lies in 0..1. */
const MOST_LOST = 0.02

/** Only a model whose answers were judged and found as good beats another; else it is what was measured. */
function verbOf({method: {metric}}: BenchResult, row: BenchRow): string {
  const value = metric && row.metrics[metric.name]
  const change = row.relative?.metric
  if (metric && value !== null && value !== undefined && change !== null && change !== undefined) {
    const gain = metric.direction === 'higher' ? change : -change
    const share = metric.bounded ? gain : gain / Math.max(Math.abs(value - change), Number.MIN_VALUE)
    if (share >= -MOST_LOST) return 'beats'
  }
  return row.relative?.latency?.verdict === 'faster' ? 'is faster than' : 'is smaller than'
}

function hasKeptSpeed(row: BenchRow): boolean {
  return row.status === 'ok' && row.relative?.latency?.verdict === 'no difference'
}

function judgement(result: BenchResult, row: BenchRow): string {
  if (row.status === 'failed') return `failed, ${row.error ?? 'for an unknown reason'}`
  return enumerate([speedPhrase(row), sizePhrase(row), metricPhrase(row, result.method.metric)])
}

function alone(row: BenchRow, mark: (name: string) => string): string {
  if (!row.latencyMs) return `${mark(row.model)} failed: ${row.error ?? 'for an unknown reason'}.`
  return `${mark(row.model)} takes ${msText(row.latencyMs.p50)} ms (median), ${msText(row.latencyMs.p95)} ms at p95.`
}
