import {type FileHandle, open} from 'node:fs/promises'
import {FileError} from '../errors.js'
import {type ByteReader, type ByteSource, cutOff} from './byte-source.js'

/** The system call reads at most 2 GiB at once. */
const MAX_READ_BYTES = 2 ** 30

/** `sizeBytes` uncompressed bytes of a file from `start` on, read by position: memory is what one read asks for. */
export function plainBytes(path: string, start: number, sizeBytes: number, where = path): ByteSource {
  return {where, limitBytes: sizeBytes, sequential: false, open: () => openPlain(path, start, where)}
}

async function openPlain(path: string, start: number, where: string): Promise<ByteReader> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new FileError(`${path}: cannot be opened`, {cause, hint: 'Check that the file is readable'})
  })
  return {
    read: (offset, lengthBytes) => readFully(file, start + offset, lengthBytes, where),
    close: () => file.close(),
  }
}

async function readFully(file: FileHandle, position: number, lengthBytes: number, where: string): Promise<Buffer> {
  // not from Node's shared pool: its slices are not aligned for 8-byte elements
  const buffer = Buffer.allocUnsafeSlow(lengthBytes)
  let done = 0
  while (done < lengthBytes) {
    const {bytesRead} = await file.read(buffer, done, Math.min(MAX_READ_BYTES, lengthBytes - done), position + done)
    if (bytesRead === 0) throw cutOff(where, lengthBytes, done)
    done += bytesRead
  }
  return buffer
}
