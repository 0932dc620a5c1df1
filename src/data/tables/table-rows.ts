import {DataError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import type {RowReader} from '../samples/sample-array.js'
import type {SampleOrder} from '../samples/sample-order.js'
import {CellFault, writeCell} from './cell.js'
import type {Table, TableReader} from './table.js'

/** Columns that make up one array. */
export interface ColumnGroup {
  readonly columns: readonly string[]
  /** Shape of one cell. */
  readonly cell: readonly number[]
  /** Shape of one sample. */
  readonly row: readonly number[]
}

/** Rows of a sequential table gathered at once before they are put into place. */
const GATHERED_ROWS = 1024

/** Reads samples of a table. A shuffled sequential table is gone over once, and the chosen samples stay in memory. */
export async function openTableRows(table: Table, group: ColumnGroup, order: SampleOrder): Promise<RowReader> {
  const reader = await table.open()
  const rowElements = elementCount(group.row)
  if (table.sequential && order.start === undefined) return gathered(table, group, order, reader)
  return {
    async read(from, count) {
      const out = new Float64Array(count * rowElements)
      await readInto(table, group, reader, {order, from, count, out})
      return out
    },
    close: () => reader.close(),
  }
}

async function gathered(table: Table, group: ColumnGroup, order: SampleOrder, reader: TableReader): Promise<RowReader> {
  const rowElements = elementCount(group.row)
  const all = new Float64Array(order.count * rowElements)
  try {
    await readInto(table, group, reader, {order, from: 0, count: order.count, out: all})
  } finally {
    await reader.close()
  }
  return {
    read: async (from, count) => all.slice(from * rowElements, (from + count) * rowElements),
    close: async () => undefined,
  }
}

interface Request {
  readonly order: SampleOrder
  readonly from: number
  readonly count: number
  /** `[count, ...row]` */
  readonly out: Float64Array
}

/** Asks in the order of the file, writes in the order of the samples. */
async function readInto(table: Table, group: ColumnGroup, reader: TableReader, request: Request): Promise<void> {
  const {order, from, count, out} = request
  const positions = Uint32Array.from({length: count}, (_, position) => position)
  positions.sort((a, b) => order.at(from + a) - order.at(from + b))
  const rowElements = elementCount(group.row)
  for (let start = 0; start < count; start += GATHERED_ROWS) {
    const part = positions.subarray(start, start + GATHERED_ROWS)
    const rows = Array.from(part, (position) => order.at(from + position))
    const cells = await reader.read(rows, group.columns)
    for (const [index, position] of part.entries()) {
      writeRow(table, group, {row: rows[index] as number, cells: cells[index] ?? []}, out, position * rowElements)
    }
  }
}

function writeRow(
  table: Table,
  {columns, cell}: ColumnGroup,
  {row, cells}: {row: number; cells: readonly unknown[]},
  out: Float64Array,
  at: number,
): void {
  const cellElements = elementCount(cell)
  for (const [index, column] of columns.entries()) {
    try {
      writeCell(cells[index], cell, out, at + index * cellElements)
    } catch (cause) {
      if (!(cause instanceof CellFault)) throw cause
      throw new DataError(`${table.path}, ${table.placeOf(row)}, column '${column}': ${cause.message}`, {
        cause,
        hint: 'Fill or repair the cell, or remove the row',
      })
    }
  }
}
