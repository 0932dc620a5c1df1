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
  const first = `${mark(winner.model)} beats ${mark(baseline.model)}: ${judgement(result, winner)}.`
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
