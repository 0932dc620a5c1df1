/** Rows and named columns of a csv, jsonl or parquet file. Opening one goes over the file once; cells are read when asked for. */
export interface Table {
  readonly path: string
  readonly columns: readonly string[]
  readonly rowCount: number
  /** Rows can only be read one after another without cost: many at once, in rising order. */
  readonly sequential: boolean
  /** How the user finds a row: `line 7`. */
  placeOf(row: number): string
  open(): Promise<TableReader>
}

export interface TableReader {
  /**
   * @param rows in rising order.
   * @returns for each row its cells in the order of `columns`: numbers, nested lists of them, or whatever else the file has.
   */
  read(rows: readonly number[], columns: readonly string[]): Promise<unknown[][]>
  close(): Promise<void>
}
