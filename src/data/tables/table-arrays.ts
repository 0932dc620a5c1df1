import {DataError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import type {InputPort} from '../dataset.js'
import type {DataArrays} from '../samples/match-arrays.js'
import type {SampleArray} from '../samples/sample-array.js'
import {CellFault, cellShape} from './cell.js'
import type {Table} from './table.js'
import {type ColumnGroup, openTableRows} from './table-rows.js'

/** Names shown of a long list. */
const SHOWN_NAMES = 3

/**
 * The columns of a table as arrays. A column of numbers is `[rows]`, a column of lists `[rows, ...]`. Where the model has one input,
 * no column is called like it and there are several besides the labels, all of them together are one array, a row each.
 *
 * @param isLabel whether a column holds labels.
 * @param map column → input, as the user gave it.
 */
export async function tableArrays(
  table: Table,
  ports: readonly InputPort[],
  isLabel: (column: string) => boolean,
  map: Readonly<Record<string, string>>,
): Promise<DataArrays> {
  const {path} = table
  const {shapes, unreadable} = await columnShapes(table)
  const [only] = ports
  const features = table.columns.filter((name) => !isLabel(name))
  const isNamed = Object.keys(map).length > 0 || table.columns.some((name) => name === only?.name)
  const areNumbers = features.every((name) => shapes.get(name)?.length === 0 || unreadable.has(name))
  if (ports.length === 1 && only && !isNamed && features.length > 1 && areNumbers) {
    for (const name of features) {
      const fault = unreadable.get(name)
      if (fault) throw fault
    }
    const labels = table.columns.filter((name) => isLabel(name) && shapes.has(name))
    const arrays = [
      together(table, features, only),
      ...labels.map((name) => single(table, name, shapes.get(name) ?? [])),
    ]
    return {path, arrays, unreadable, notes: [togetherNote(table, features, only)]}
  }
  const arrays = [...shapes].map(([name, shape]) => single(table, name, shape))
  return {path, arrays, unreadable}
}

/** The first row decides what a column is. */
async function columnShapes(
  table: Table,
): Promise<{shapes: Map<string, readonly number[]>; unreadable: Map<string, DataError>}> {
  const reader = await table.open()
  try {
    const [cells = []] = await reader.read([0], table.columns)
    const shapes = new Map<string, readonly number[]>()
    const unreadable = new Map<string, DataError>()
    for (const [index, name] of table.columns.entries()) {
      try {
        shapes.set(name, cellShape(cells[index]))
      } catch (cause) {
        if (!(cause instanceof CellFault)) throw cause
        unreadable.set(name, notNumbers(table, name, cause))
      }
    }
    return {shapes, unreadable}
  } finally {
    await reader.close()
  }
}

function notNumbers(table: Table, column: string, cause: CellFault): DataError {
  return new DataError(`${table.path}, ${table.placeOf(0)}, column '${column}': ${cause.message}`, {
    cause,
    hint: `Remove the column, or turn it into numbers; class names into class numbers`,
  })
}

function single(table: Table, name: string, shape: readonly number[]): SampleArray {
  return arrayOf(table, name, {columns: [name], cell: shape, row: shape})
}

/** All columns side by side; in the input's shape where that has as many elements: pixels in columns become an image. */
function together(table: Table, columns: readonly string[], {shape}: InputPort): SampleArray {
  const wanted = shape?.slice(1) ?? []
  const fixed = wanted.every((dim) => typeof dim === 'number') ? (wanted as number[]) : []
  const row = fixed.length > 0 && elementCount(fixed) === columns.length ? fixed : [columns.length]
  return arrayOf(table, `${columns[0]}..${columns.at(-1)}`, {columns, cell: [], row})
}

function arrayOf(table: Table, name: string, group: ColumnGroup): SampleArray {
  return {
    name,
    where: table.path,
    dtype: 'float64',
    shape: [table.rowCount, ...group.row],
    isPixels: false,
    placeOf: (row) => `${table.placeOf(row)} of ${table.path}`,
    open: (order) => openTableRows(table, group, order),
  }
}

function togetherNote(table: Table, columns: readonly string[], input: InputPort): string {
  const names = columns.length > 2 * SHOWN_NAMES ? [...columns.slice(0, SHOWN_NAMES), '...', columns.at(-1)] : columns
  return `${table.path}: the ${columns.length} columns ${names.join(', ')} feed input '${input.name}' in this order`
}
