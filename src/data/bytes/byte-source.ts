import {DataError} from '../../errors.js'

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
  /** `limitBytes` is the size, not only a limit: for a member of an archive what its directory says. */
  readonly isExact: boolean
  /** Going backwards starts from the beginning again: read in rising order. */
  readonly sequential: boolean
  open(): Promise<ByteReader>
  /**
   * Goes through all bytes once, a chunk at a time, and checks what the format has for it: lengths and checksums. Absent where that is
   * nothing, in plain files.
   *
   * @param expectedBytes more are not waited for.
   */
  verify?(expectedBytes: number, signal?: AbortSignal): Promise<Verified>
}

export interface Verified {
  /** Good bytes that came out. */
  readonly sizeBytes: number
  readonly fault?: string | undefined
}

/** The bytes are not those that were written. */
export const WRONG_CHECKSUM = 'the checksum does not fit'

/** The error for bytes that end early. */
export function cutOff(where: string, expectedBytes: number, gotBytes: number): DataError {
  return new DataError(`${where}: expected ${expectedBytes} bytes, got ${gotBytes}`, {
    hint: 'The file is cut off; write or download it again',
  })
}
