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

/** protobufjs throws plain Errors and RangeErrors: those become a WireError, anything else passes. */
export function asWireError(error: unknown, offset: number): unknown {
  if (!(error instanceof Error)) return error
  if (error.constructor === RangeError) return new WireError('the bytes end too early', offset)
  return error.constructor === Error ? new WireError(error.message, offset) : error
}
