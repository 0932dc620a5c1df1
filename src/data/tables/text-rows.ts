import {plainBytes} from '../bytes/plain-bytes.js'
import type {TableReader} from './table.js'

/** Where the rows of a text file lie: `[starts[row], ends[row])`, and the line each begins on, counted from 1. */
export interface RowIndex {
  readonly starts: number[]
  readonly ends: number[]
  readonly lines: number[]
}

/**
 * Reads rows of a text file by their place in it: memory is what one call asks for.
 *
 * @param parse the text of rows that follow each other → their cells.
 */
export async function openTextRows(
  path: string,
  sizeBytes: number,
  index: RowIndex,
  parse: (text: string, firstRow: number, count: number, columns: readonly string[]) => unknown[][],
): Promise<TableReader> {
  const bytes = await plainBytes(path, 0, sizeBytes).open()
  return {
    async read(rows, columns) {
      const cells: unknown[][] = []
      for (let from = 0; from < rows.length; ) {
        let count = 1
        while (rows[from + count] === (rows[from] as number) + count) count++
        const [first, last] = [rows[from] as number, rows[from + count - 1] as number]
        const [start, end] = [index.starts[first] as number, index.ends[last] as number]
        const text = (await bytes.read(start, end - start)).toString('utf8')
        for (const row of parse(text, first, count, columns)) cells.push(row)
        from += count
      }
      return cells
    },
    close: () => bytes.close(),
  }
}
