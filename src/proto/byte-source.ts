import type {ByteSpan} from './byte-span.js'

/**
 * What a message is decoded from: all of a file's bytes at their offsets, of which only those that were loaded are filled in.
 * So the structure of a 2 GiB file is read without its weights.
 */
export interface ByteSource {
  /** As long as the file; decoded `bytes` fields are views of it. */
  readonly bytes: Uint8Array
  /** Makes `bytes[start, end)` valid. */
  load(start: number, end: number): void
  /** Bytes too many to load now, or undefined when loading them is right. */
  defer(start: number, end: number): ByteSpan | undefined
}

/** A source that is all in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {bytes, load: () => {}, defer: () => undefined}
}
