import type {BenchResult, BenchRow} from '../results.js'
import {settingGroups} from './bench-settings.js'
import {latencyCell, memoryCell, metricCell, sizeCell, speedupCell} from './bench-words.js'

/** A table for the terminal, not yet set. */
export interface TextTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Indices of the columns that hold numbers. */
  readonly right: readonly number[]
}

/** A terminal line: the other columns take about 77 characters of 100. */
const NAME_LENGTH = 23

/** One table per setting, each line at most 100 characters. */
export function benchTables(result: BenchResult): TextTable[] {
  const {metric} = result.method
  const head = ['model', 'size', 'p50 ms', 'speed-up', 'verdict', ...(metric ? [metric.name] : []), 'memory']
  return settingGroups(result).map(({title, rows}) => ({
    title,
    head,
    rows: rows.map((row, index) => cells(row, index === 0, result)),
    right: head.flatMap((name, index) => (name === 'model' || name === 'verdict' ? [] : [index])),
  }))
}

function cells(row: BenchRow, isBaseline: boolean, {method}: BenchResult): string[] {
  return [
    elide(row.model),
    sizeCell(row),
    latencyCell(row, 'p50'),
    speedupCell(row),
    row.status === 'failed' ? 'failed' : verdictCell(row, isBaseline),
    ...(method.metric ? [metricCell(row, method.metric)] : []),
    memoryCell(row),
  ]
}

export function verdictCell(row: BenchRow, isBaseline: boolean): string {
  if (row.status === 'failed') return 'failed'
  return isBaseline ? 'baseline' : (row.relative?.latency?.verdict ?? '-')
}

/** Cuts the middle out of a long name: both ends tell models apart. */
function elide(name: string): string {
  if (name.length <= NAME_LENGTH) return name
  const tail = Math.ceil((NAME_LENGTH - 2) * 0.6)
  return `${name.slice(0, NAME_LENGTH - 2 - tail)}..${name.slice(-tail)}`
}
