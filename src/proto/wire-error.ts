/** Bytes that are no message of the schema. `io` turns it into an error that names the file. */
export class WireError extends Error {
  constructor(
    readonly reason: string,
    /** Where in the file. */
    readonly offset: number,
  ) {
    super(`${reason} at byte ${offset}`)
    this.name = 'WireError'
  }
}
