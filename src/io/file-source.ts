import type {ByteSource} from '../proto/byte-source.js'
import {memorySource} from '../proto/byte-source.js'
import type {FileBytes} from './file-bytes.js'

/** Smaller files are read whole: quicker than in blocks, and no burden. */
const WHOLE_FILE_BYTES = 8 * 2 ** 20
/** What is loaded at once around a field of a larger file. */
const BLOCK_BYTES = 64 * 1024
/** Data fields longer than this stay in the file. */
const DEFER_BYTES = 16 * 1024

/** The bytes of a model file for the decoder: all of them, or block by block with the weights left where they are. */
export function fileSource(file: FileBytes): ByteSource {
  if (file.sizeBytes > WHOLE_FILE_BYTES) return blockSource(file)
  const bytes = Buffer.allocUnsafeSlow(file.sizeBytes)
  file.readInto(bytes, 0)
  file.close()
  return memorySource(bytes)
}

/**
 * The buffer is as long as the file, so that positions are the file's, but the system only provides memory for the blocks
 * that are filled: a 1.9 GB model takes a few MB.
 */
function blockSource(file: FileBytes): ByteSource {
  const bytes = Buffer.allocUnsafeSlow(file.sizeBytes)
  const loaded = new Uint8Array(Math.ceil(file.sizeBytes / BLOCK_BYTES))
  const load = (start: number, end: number): void => {
    for (let block = Math.floor(start / BLOCK_BYTES); block * BLOCK_BYTES < end; block++) {
      if (loaded[block]) continue
      file.readInto(bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES), block * BLOCK_BYTES)
      loaded[block] = 1
    }
  }
  const defer = (start: number, end: number) => (end - start > DEFER_BYTES ? file.span(start, end - start) : undefined)
  return {bytes, load, defer}
}
