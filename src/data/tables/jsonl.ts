import {createReadStream} from 'node:fs'
import {DataError} from '../../errors.js'
import {ownEntry} from '../../ir/own-entry.js'
import type {Table} from './table.js'
import {openTextRows, type RowIndex} from './text-rows.js'

const NEWLINE = 10
const SPACE = 32

/**
 * A file of JSON objects, one on each line. Lines are found now and parsed when they are read; the first one names the columns.
 * @throws DataError naming the line.
 */
export async function openJsonl(path: string): Promise<Table> {
  const {index, sizeBytes} = await indexLines(path)
  if (index.starts.length === 0) throw new DataError(`${path}: expected a JSON object on each line, got no lines`)
  const placeOf = (row: number): string => `line ${index.lines[row]}`
  const parse = (text: string, first: number): Record<string, unknown>[] =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line, offset) => parseLine(line, path, placeOf(first + offset)))
  const open: Table['open'] = () =>
    openTextRows(path, sizeBytes, index, (text, first, _count, columns) =>
      parse(text, first).map((object) => columns.map((name) => ownEntry(object, name))),
    )
  return {
    path,
    columns: Object.keys(await firstObject(path, index, parse)),
    rowCount: index.starts.length,
    sequential: false,
    placeOf,
    open,
  }
}

async function firstObject(
  path: string,
  index: RowIndex,
  parse: (text: string, first: number) => Record<string, unknown>[],
): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> = {}
  const reader = await openTextRows(path, Number.POSITIVE_INFINITY, index, (text, first) => {
    found = parse(text, first)[0] ?? {}
    return []
  })
  try {
    await reader.read([0], [])
    return found
  } finally {
    await reader.close()
  }
}

function parseLine(line: string, path: string, place: string): Record<string, unknown> {
  const hint = 'Write one JSON object per line, without commas between them'
  let value: unknown
  try {
    value = JSON.parse(line.replace(/^\uFEFF/, ''))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError(`${path}, ${place}: expected a JSON object, got damaged JSON (${reason})`, {cause, hint})
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new DataError(
    `${path}, ${place}: expected a JSON object, got ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}`,
    {hint},
  )
}

/** A newline cannot stand inside JSON text, so bytes tell where lines end. */
async function indexLines(path: string): Promise<{index: RowIndex; sizeBytes: number}> {
  const index: RowIndex = {starts: [], ends: [], lines: []}
  let [position, start, line, blank] = [0, 0, 1, true]
  const finish = (end: number): void => {
    if (blank) return
    index.starts.push(start)
    index.ends.push(end)
    index.lines.push(line)
  }
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number
      if (byte > SPACE) blank = false
      if (byte !== NEWLINE) continue
      finish(position + i + 1)
      start = position + i + 1
      line++
      blank = true
    }
    position += chunk.length
  }
  finish(position)
  return {index, sizeBytes: position}
}
