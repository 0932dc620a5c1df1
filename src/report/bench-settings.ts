import type {BenchResult, BenchRow} from '../results.js'
import {counted} from './figures.js'

/** The rows that were measured under the same conditions, the baseline first. */
export interface SettingGroup {
  /** `cpu, batch 1, 1 thread` */
  readonly title: string
  readonly rows: readonly BenchRow[]
}

/** The result's rows by provider, batch and threads, in the order they came. */
export function settingGroups(result: BenchResult): SettingGroup[] {
  const groups = new Map<string, BenchRow[]>()
  for (const row of result.results) {
    const title = settingText(row)
    groups.set(title, [...(groups.get(title) ?? []), row])
  }
  return [...groups].map(([title, rows]) => ({title, rows}))
}

export function settingText(row: Pick<BenchRow, 'provider' | 'batch' | 'threads'>): string {
  return `${row.provider}, batch ${row.batch}, ${counted(row.threads, 'thread')}`
}
