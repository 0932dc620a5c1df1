import type {BenchResult, BenchRow} from '../results.js'
import {settingText} from './bench-settings.js'
import type {TextTable} from './bench-tables.js'
import {percentText, threeDigits} from './figures.js'

/** Profiling slows runs, differently per operator: a reader must not take its sums for latencies. */
export const PROFILE_NOTE = 'Profiling slows a run 1.6 to 3.5 times: shares are telling, sums are not.'

/** One table per row that has a profile: operators as the runtime fused them, slowest first. */
export function profileTables(result: BenchResult): TextTable[] {
  return result.results.flatMap((row) => (row.profile && row.profile.length > 0 ? [tableOf(row, row.profile)] : []))
}

function tableOf(row: BenchRow, profile: NonNullable<BenchRow['profile']>): TextTable {
  const total = profile.reduce((sum, {durationUs}) => sum + durationUs, 0)
  return {
    title: `${row.model} (${settingText(row)})`,
    head: ['operator', 'provider', 'nodes', 'us per run', 'share'],
    rows: profile.map(({op, provider, durationUs, count}) => {
      const share = total > 0 ? percentText(durationUs / total) : '-'
      return [op, provider, String(count), threeDigits(durationUs), share]
    }),
    right: [2, 3, 4],
  }
}
