import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import type {CsvError, Info} from 'csv-parse'
import {DataError} from '../../errors.js'
import {parseCell} from './cell.js'
import type {Table} from './table.js'
import {openTextRows, type RowIndex} from './text-rows.js'

const SEPARATORS = [',', ';', '\t'] as const

/** A header is shorter than this; the separator is guessed from it. */
const SNIFFED_BYTES = 1 << 20

/** Longer records are a quote that was never closed. */
const MAX_RECORD_BYTES = 2 ** 28

/**
 * A csv file with a header line; commas, semicolons or tabs, quotes as in RFC 4180. The whole file is checked now: each line has as
 * many cells as the header.
 *
 * @throws DataError naming the line.
 */
export async function openCsv(path: string): Promise<Table> {
  const delimiter = await sniffSeparator(path)
  // loaded here, because most runs read no tables
  const {parse: parseAll} = await import('csv-parse/sync')
  const options = {delimiter, bom: true, skip_empty_lines: true, relax_column_count: true} as const
  const {header, index} = await indexRows(path, options)
  const columns = columnNames(path, header)
  if (index.starts.length === 0) throw new DataError(`${path}: expected rows below the header, got none`)
  const {size} = await stat(path)
  const positions = new Map(columns.map((name, position) => [name, position]))
  return {
    path,
    columns: columns.filter((name) => name !== ''),
    rowCount: index.starts.length,
    sequential: false,
    placeOf: (row) => `line ${index.lines[row]}`,
    open: () =>
      openTextRows(path, size, index, (text, _first, _count, wanted) =>
        parseAll(text, options).map((record) =>
          wanted.map((name) => parseCell(record[positions.get(name) ?? -1] ?? '')),
        ),
      ),
  }
}

type CsvOptions = {delimiter: string; bom: true; skip_empty_lines: true; relax_column_count: true}

async function indexRows(path: string, options: CsvOptions): Promise<{header: string[]; index: RowIndex}> {
  const index: RowIndex = {starts: [], ends: [], lines: []}
  let header: string[] | undefined
  let [end, lines] = [0, 0]
  const {parse} = await import('csv-parse')
  const parser = parse({...options, info: true, max_record_size: MAX_RECORD_BYTES})
  const records = createReadStream(path)
    .on('error', (error) => parser.destroy(error))
    .pipe(parser)
  try {
    for await (const {record, info} of records as AsyncIterable<{record: string[]; info: Info}>) {
      if (!header) header = record
      else {
        const line = info.lines
        if (record.length !== header.length) throw wrongCount(path, line, header.length, record.length)
        index.starts.push(end)
        index.ends.push(info.bytes)
        index.lines.push(Math.max(lines + 1, line - newlinesIn(record)))
      }
      end = info.bytes
      lines = info.lines
    }
  } catch (cause) {
    if (!isCsvError(cause)) throw cause
    throw new DataError(
      `${path}, line ${cause.lines ?? lines + 1}: expected csv, got damaged quotes (${cause.message})`,
      {
        cause,
        hint: 'Put quotes around whole cells, and write a quote inside them twice',
      },
    )
  }
  if (!header) throw new DataError(`${path}: expected a header line, got none`)
  return {header, index}
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')
}

function newlinesIn(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0)
}

function wrongCount(path: string, line: number, expected: number, got: number): DataError {
  return new DataError(`${path}, line ${line}: expected ${expected} cells as in the header, got ${got}`, {
    hint: 'Repair the line, or put quotes around cells that hold the separator',
  })
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
