import {elementCount} from '../../ir/tensor.js'
/** What is wrong with a cell. */
export class CellFault extends Error {
  constructor(
    readonly expected: string,
    readonly got: string,
  ) {
    super(`expected ${expected}, got ${got}`)
  }
}

const NUMBERS = 'a number or a list of numbers'
/** Longer texts are cut in messages. */
const SHOWN_LETTERS = 40

/**
 * The value of a csv cell: a number, `true` or `false`, or a list as JSON, NumPy or plain text writes it: `[1, 2]`, `[[1], [2]]`,
 * `[1. 2.]`, `1 2`, `1;2`. Anything else stays text.
 */
export function parseCell(text: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const single = parseNumber(trimmed)
  if (single !== undefined) return single
  if (trimmed.startsWith('[')) {
    try {
      return JSON.parse(trimmed)
    } catch {
      // not JSON: NumPy's way of printing arrays has no commas
    }
  }
  // both brackets or none: half a list is a line that was cut off
  const inside = /^\[(.*)\]$/s.exec(trimmed)?.[1] ?? trimmed
  const items = inside.trim().split(/[\s,;]+/)
  const numbers = items.map(parseNumber)
  return items.length > 1 && numbers.every((item) => item !== undefined) ? numbers : text
}

function parseNumber(text: string): number | undefined {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? 1 : 0
  if (/^[-+]?(nan|inf(inity)?)$/i.test(text)) return Number.NaN
  // hexadecimal and the like are more likely text
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  if (/^[-+]?\d+$/.test(text) && !Number.isSafeInteger(value)) return undefined
  return value
}

/** The shape of a cell: `[]` for a number. Lists are judged by their first items. @throws CellFault */
export function cellShape(cell: unknown): number[] {
  if (!isList(cell)) {
    numberOf(cell)
    return []
  }
  if (cell.length === 0) throw new CellFault(NUMBERS, 'an empty list')
  return [cell.length, ...cellShape(cell[0])]
}

/** Writes a cell's numbers, row-major, from `at` on. @throws CellFault when it has another shape, or holds something else. */
export function writeCell(cell: unknown, shape: readonly number[], out: Float64Array, at: number): void {
  const [length, ...inner] = shape
  if (length === undefined) {
    out[at] = numberOf(cell)
    return
  }
  if (!isList(cell)) throw new CellFault(`a list of ${length} as in the first row`, describe(cell))
  if (cell.length !== length) throw new CellFault(`${length} items as in the first row`, `${cell.length}`)
  const step = elementCount(inner)
  for (let item = 0; item < length; item++) writeCell(cell[item], inner, out, at + item * step)
}

function isList(cell: unknown): cell is ArrayLike<unknown> {
  return Array.isArray(cell) || (ArrayBuffer.isView(cell) && !(cell instanceof DataView))
}

function numberOf(cell: unknown): number {
  if (typeof cell === 'number') return cell
  if (typeof cell === 'boolean') return cell ? 1 : 0
  if (typeof cell !== 'bigint') throw new CellFault(NUMBERS, describe(cell))
  const value = Number(cell)
  if (Number.isSafeInteger(value)) return value
  throw new CellFault('integers up to 2^53', `${cell}`)
}

function describe(cell: unknown): string {
  if (cell === null || cell === undefined) return 'an empty cell'
  if (isList(cell)) return `a list of ${cell.length}`
  if (typeof cell === 'string') return `'${cell.length > SHOWN_LETTERS ? `${cell.slice(0, SHOWN_LETTERS)}…` : cell}'`
  return typeof cell === 'object' ? 'an object' : String(cell)
}
