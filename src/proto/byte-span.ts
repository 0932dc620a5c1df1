/** Bytes that are fetched or computed when asked for: a range of a file, a tensor made while it is written. */
export interface ByteSpan {
  readonly byteLength: number
  /** Fresh or shared bytes, exactly `byteLength` of them; the caller must not modify them. */
  read(): Uint8Array
  /** The same bytes in order, pieces of some MB and a multiple of 16 bytes, the last one aside; each is valid until the next is asked for. */
  slices?(): Iterable<Uint8Array>
}

/** Contents of a data field: in memory, or to be read later. */
export type Bytes = Uint8Array | ByteSpan

export function isSpan(bytes: Bytes): bytes is ByteSpan {
  return 'read' in bytes
}

/** The bytes themselves. Reads a span each time. */
export function bytesOf(bytes: Bytes): Uint8Array {
  return isSpan(bytes) ? bytes.read() : bytes
}
