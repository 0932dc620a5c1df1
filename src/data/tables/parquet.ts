import {stat} from 'node:fs/promises'
import type {AsyncBuffer, FileMetaData} from 'hyparquet'
import {BugError, DataError, MoptError} from '../../errors.js'
import {ownEntry} from '../../ir/own-entry.js'
import {plainBytes} from '../bytes/plain-bytes.js'
import type {Table, TableReader} from './table.js'

/**
 * A parquet file, plain or compressed; only its footer is read now. Columns may hold numbers or (nested) lists of them. A row group is
 * decoded at a time, because lists cannot be entered in the middle: memory is what the largest one holds of the columns needed.
 * @throws DataError for a damaged file.
 */
export async function openParquet(path: string): Promise<Table> {
  // loaded here, because most runs read no tables
  const {parquetMetadataAsync, parquetSchema} = await import('hyparquet')
  const {size} = await stat(path)
  const reader = await plainBytes(path, 0, size).open()
  const metadata = await parquetMetadataAsync(fileOf(reader, size))
    .catch(damaged(path))
    .finally(() => reader.close())
  const rowCount = Number(metadata.num_rows)
  if (!Number.isSafeInteger(rowCount) || rowCount < 0) throw new DataError(`${path}: expected rows, got ${rowCount}`)
  const grouped = metadata.row_groups.reduce((sum, {num_rows}) => sum + Number(num_rows), 0)
  if (grouped !== rowCount) throw new DataError(`${path}: expected ${rowCount} rows, got ${grouped} in its row groups`)
  if (rowCount === 0) throw new DataError(`${path}: expected rows, got an empty table`)
  return {
    path,
    columns: parquetSchema(metadata).children.map(({element}) => element.name),
    rowCount,
    sequential: true,
    placeOf: (row) => `row ${row}`,
    open: () => openRows(path, size, metadata, rowCount),
  }
}

/** A decoded row group, for some columns. */
interface Block {
  readonly from: number
  readonly to: number
  readonly columns: string
  readonly rows: readonly Record<string, unknown>[]
}

async function openRows(path: string, size: number, metadata: FileMetaData, rowCount: number): Promise<TableReader> {
  const reader = await plainBytes(path, 0, size).open()
  const file = fileOf(reader, size)
  const {parquetReadObjects} = await import('hyparquet')
  const {compressors} = await import('hyparquet-compressors')
  let block: Block | undefined
  const blockWith = async (row: number, columns: readonly string[]): Promise<Block> => {
    const names = columns.join('\n')
    if (block && row >= block.from && row < block.to && block.columns === names) return block
    const [from, to] = groupWith(row, metadata)
    // let go of one before the next is decoded
    block = undefined
    const options = {file, metadata, compressors, columns: [...columns], rowStart: from, rowEnd: to}
    const rows = await parquetReadObjects(options).catch(damaged(path))
    if (rows.length !== to - from) throw new DataError(`${path}: expected ${rowCount} rows, got fewer`)
    block = {from, to, columns: names, rows}
    return block
  }
  return {
    async read(rows, columns) {
      const cells: unknown[][] = []
      for (const row of rows) {
        const {from, rows: decoded} = await blockWith(row, columns)
        const object = decoded[row - from] as Record<string, unknown>
        cells.push(columns.map((name) => ownEntry(object, name)))
      }
      return cells
    },
    close: () => reader.close(),
  }
}

/** The rows of the row group that holds a row. */
function groupWith(row: number, {row_groups}: FileMetaData): [from: number, to: number] {
  let from = 0
  for (const {num_rows} of row_groups) {
    const to = from + Number(num_rows)
    if (row < to) return [from, to]
    from = to
  }
  throw new BugError(`row ${row} is in no row group`)
}

function fileOf(reader: {read(offset: number, lengthBytes: number): Promise<Buffer>}, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const from = start < 0 ? byteLength + start : start
      if (!(from >= 0 && end >= from && end <= byteLength)) throw new Error(`bytes ${start} to ${end} of ${byteLength}`)
      const bytes = await reader.read(from, end - from)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    },
  }
}

/** The reader throws whatever a damaged file makes it stumble over. */
function damaged(path: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof MoptError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError(`${path}: expected a parquet file, got one that cannot be read (${reason})`, {
      cause,
      hint: 'Write it again, with snappy, gzip, zstd, brotli, lz4 or no compression, and not encrypted',
    })
  }
}
