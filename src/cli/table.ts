import CliTable from 'cli-table3'
import {visible} from './visible.js'

export interface TableOptions {
  /** Column indices to align right: numbers. */
  readonly right?: readonly number[]
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, part === 'middle' ? '  ' : '']),
)

/** A plain table without rules: reads well on a terminal, in a log and when cut by columns. An empty head is left out. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const colAligns = head.map((_, index) => (options.right?.includes(index) ? ('right' as const) : ('left' as const)))
  const cells = new CliTable({
    chars: NO_BORDERS,
    colAligns,
    style: {head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0},
  })
  if (head.some((title) => title !== '')) cells.push([...head])
  for (const row of rows) cells.push(row.map(visible))
  return cells
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Text that stands out in a terminal; plain when stdout is none, or with NO_COLOR. */
export function bold(text: string): string {
  return colorWanted() ? `\u001b[1m${text}\u001b[22m` : text
}

function colorWanted(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}
