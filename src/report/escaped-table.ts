import {markdownTable} from 'markdown-table'

/**
 * A GitHub table whose cells may hold any text.
 *
 * @param align `l` or `r` per column; all left when absent.
 */
export function escapedTable(rows: readonly (readonly string[])[], align: readonly string[] = []): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')))
  return markdownTable(escaped, {align: [...align]})
}
