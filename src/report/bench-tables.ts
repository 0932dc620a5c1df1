import type {BenchResult, BenchRow} from '../results.js'
import {settingGroups} from './bench-settings.js'
import {latencyCell, memoryCell, metricCell, speedupCell} from './bench-words.js'
import type {Table} from './document.js'
import {bytesText, percentText} from './figures.js'

/** A table for the terminal, not yet set. */
export interface TextTable extends Table {
  readonly title: string
  readonly right: readonly number[]
}

/** Fits a terminal, a log and a mail. */
const LINE_LENGTH = 100
const GAP = 2
const SHORTEST_NAME = 12

/** One table per setting, each line at most 100 characters. */
export function benchTables(result: BenchResult): TextTable[] {
  const {metric} = result.method
  const head = ['model', 'size', 'p50 ms', 'speed-up', 'verdict', ...(metric ? [metric.name] : []), 'memory']
  return settingGroups(result).map(({title, rows}) => {
    const cells = rows.map((row, index) => figuresOf(row, index === 0, result))
    const nameLength = LINE_LENGTH - widthOf([head.slice(1), ...cells])
    return {
      title,
      head,
      rows: rows.map((row, index) => [elide(row.model, Math.max(SHORTEST_NAME, nameLength)), ...(cells[index] ?? [])]),
      right: head.flatMap((name, index) => (name === 'model' || name === 'verdict' ? [] : [index])),
    }
  })
}

function figuresOf(row: BenchRow, isBaseline: boolean, {method}: BenchResult): string[] {
  return [
    shortSize(row),
    latencyCell(row, 'p50'),
    speedupCell(row),
    verdictCell(row, isBaseline),
    ...(method.metric ? [metricCell(row, method.metric)] : []),
    memoryCell(row),
  ]
}

/** Characters of the columns, with the gap in front of each. */
function widthOf(rows: readonly (readonly string[])[]): number {
  const columns = rows[0]?.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0))) ?? []
  return columns.reduce((sum, width) => sum + GAP + width, 0)
}

/** `439 kB, 26 %`; the share only where it says something. */
function shortSize({sizeBytes, relative}: BenchRow): string {
  const share = relative && relative.size !== 1 ? `, ${percentText(relative.size)}` : ''
  return bytesText(sizeBytes) + share
}

export function verdictCell(row: BenchRow, isBaseline: boolean): string {
  if (row.status === 'failed') return 'failed'
  return isBaseline ? 'baseline' : (row.relative?.latency?.verdict ?? '-')
}

/** Cuts the middle out of a long name: both ends tell models apart. */
function elide(name: string, length: number): string {
  if (name.length <= length) return name
  const tail = Math.ceil((length - 2) * 0.6)
  return `${name.slice(0, length - 2 - tail)}..${name.slice(-tail)}`
}
