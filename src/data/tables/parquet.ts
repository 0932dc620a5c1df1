import {stat} from 'node:fs/promises'
import {type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema} from 'hyparquet'
import {compressors} from 'hyparquet-compressors'
import {DataError, MoptError} from '../../errors.js'
import {plainBytes} from '../plain-bytes.js'
import type {Table, TableReader} from './table.js'

/** Rows decoded at once: pages are decoded whole, so few rows would cost as much as many. */
const BLOCK_ROWS = 1024

/**
 * A parquet file, plain or compressed; only its footer is read now. Columns may hold numbers or (nested) lists of them.
 * @throws DataError for a damaged file.
 */
export async function openParquet(path: string): Promise<Table> {
  const {size} = await stat(path)
  const reader = await plainBytes(path, 0, size).open()
  const metadata = await parquetMetadataAsync(fileOf(reader, size))
    .catch(damaged(path))
    .finally(() => reader.close())
  const rowCount = Number(metadata.num_rows)
  if (!Number.isSafeInteger(rowCount) || rowCount < 0) throw new DataError(`${path}: expected rows, got ${rowCount}`)
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

interface Block {
  readonly from: number
  readonly columns: string
  readonly rows: Record<string, unknown>[]
}

async function openRows(path: string, size: number, metadata: FileMetaData, rowCount: number): Promise<TableReader> {
  const reader = await plainBytes(path, 0, size).open()
  const file = fileOf(reader, size)
  let block: Block | undefined
  const blockAt = async (from: number, columns: readonly string[]): Promise<Block> => {
    const names = columns.join('\n')
    if (block?.from === from && block.columns === names) return block
    const rowEnd = Math.min(rowCount, from + BLOCK_ROWS)
    const options = {file, metadata, compressors, columns: [...columns], rowStart: from, rowEnd, useOffsetIndex: true}
    const rows = await parquetReadObjects(options).catch(damaged(path))
    if (rows.length !== rowEnd - from) throw new DataError(`${path}: expected ${rowCount} rows, got fewer`)
    block = {from, columns: names, rows}
    return block
  }
  return {
    async read(rows, columns) {
      const cells: unknown[][] = []
      for (const row of rows) {
        const from = row - (row % BLOCK_ROWS)
        const object = (await blockAt(from, columns)).rows[row - from] as Record<string, unknown>
        cells.push(columns.map((name) => object[name]))
      }
      return cells
    },
    close: () => reader.close(),
  }
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
