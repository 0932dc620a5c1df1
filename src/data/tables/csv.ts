import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import {DataError} from '../../errors.js'
import {parseCell} from './cell.js'
import {indexCsv} from './csv-index.js'
import type {Table, TableReader} from './table.js'
import {openTextRows} from './text-rows.js'

const SEPARATORS = [',', ';', '\t'] as const

/** A header is shorter than this; the separator is guessed from it. */
const SNIFFED_BYTES = 1 << 20

/**
 * A csv file with a header line; commas, semicolons or tabs, quotes as in RFC 4180. The whole file is checked now: each line has as
 * many cells as the header.
 *
 * @throws DataError naming the line.
 */
export async function openCsv(path: string): Promise<Table> {
  const delimiter = await sniffSeparator(path)
  const index = await indexCsv(path, delimiter)
  if (index.starts.length === 0) throw new DataError(`${path}: expected a header line, got none`)
  const {size} = await stat(path)
  // loaded here, because most runs read no tables
  const {parse} = await import('csv-parse/sync')
  const options = {delimiter, skip_empty_lines: true, relax_column_count: true} as const
  const read = (cellsOf: (record: string[], wanted: readonly string[]) => unknown[]) =>
    openTextRows(path, size, index, (text, _first, _count, wanted) =>
      parse(text, options).map((record) => cellsOf(record, wanted)),
    )
  const columns = columnNames(path, await headerOf(await read((record) => record)))
  if (index.starts.length === 1) throw new DataError(`${path}: expected rows below the header, got none`)
  const positions = new Map(columns.map((name, position) => [name, position]))
  const cellsOf = (record: string[], wanted: readonly string[]) =>
    wanted.map((name) => parseCell(record[positions.get(name) ?? -1] ?? ''))
  return {
    path,
    columns: columns.filter((name) => name !== ''),
    rowCount: index.starts.length - 1,
    sequential: false,
    placeOf: (row) => `line ${index.lines[row + 1]}`,
    open: async () => belowHeader(await read(cellsOf)),
  }
}

async function headerOf(reader: TableReader): Promise<string[]> {
  try {
    const [header = []] = await reader.read([0], [])
    return header.map(String)
  } finally {
    await reader.close()
  }
}

/** Row 0 is the header's. */
function belowHeader(reader: TableReader): TableReader {
  return {
    read: (rows, columns) =>
      reader.read(
        rows.map((row) => row + 1),
        columns,
      ),
    close: () => reader.close(),
  }
}

/** The separator that stands most often in the first line, quotes aside. */
async function sniffSeparator(path: string): Promise<string> {
  const stream = createReadStream(path, {end: SNIFFED_BYTES - 1, encoding: 'utf8'})
  let text = ''
  for await (const piece of stream) {
    text += piece
    if (/\S[^\n]*\n/.test(text)) break
  }
  const first = (/\S[^\r\n]*/.exec(text.replace(/^\uFEFF/, ''))?.[0] ?? '').replace(/"[^"]*"/g, '')
  const counts = SEPARATORS.map((separator) => first.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))] as string
}

/** Names of the columns; '' for those without one, such as the row numbers pandas writes. */
function columnNames(path: string, header: readonly string[]): string[] {
  const names = header.map((name) => name.trim()).map((name) => (/^Unnamed: \d+$/.test(name) ? '' : name))
  if (names.every((name) => typeof parseCell(name) === 'number')) {
    throw new DataError(`${path}, line 1: expected a header with the names of the columns, got numbers`, {
      hint: 'Add a first line such as x0,x1,x2,label',
    })
  }
  const named = names.filter((name) => name !== '')
  const twice = named.find((name, position) => named.indexOf(name) !== position)
  if (twice !== undefined) throw new DataError(`${path}, line 1: expected each column once, got '${twice}' twice`)
  return names
}
