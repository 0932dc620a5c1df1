import {DataError} from '../errors.js'

/** Bytes of a file, or of a compressed part of one, that can be read at any offset. */
export interface ByteReader {
  /**
   * A fresh buffer, aligned for every element type, that the caller may keep and modify.
   * @throws DataError when the bytes end before `offset + lengthBytes`, or are damaged.
   */
  read(offset: number, lengthBytes: number): Promise<Buffer>
  close(): Promise<void>
}

export interface ByteSource {
  /** File, and member if it is in an archive, for messages. */
  readonly where: string
  /** No more bytes than this can come out: the size, or for compressed bytes what the format can reach at best. */
  readonly limitBytes: number
  /** Going backwards starts from the beginning again: read in rising order. */
  readonly sequential: boolean
  open(): Promise<ByteReader>
}

/**
 * Checks a size that a header claims before anything of that size is allocated.
 * @throws DataError when the bytes cannot possibly be there.
 */
export function requireBytes(source: ByteSource, neededBytes: number, claim: string): void {
  if (neededBytes <= source.limitBytes) return
  throw new DataError(
    `${source.where}: expected ${neededBytes} bytes for ${claim}, got at most ${source.limitBytes} bytes`,
    {hint: 'The file is cut off or its header is wrong; write or download it again'},
  )
}

/** The error for bytes that end early. */
export function cutOff(where: string, expectedBytes: number, gotBytes: number): DataError {
  return new DataError(`${where}: expected ${expectedBytes} bytes, got ${gotBytes}`, {
    hint: 'The file is cut off; write or download it again',
  })
}
