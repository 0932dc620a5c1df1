import {createReadStream} from 'node:fs'
import {type FileHandle, open} from 'node:fs/promises'
import {FileError} from '../../errors.js'
import {type ByteReader, type ByteSource, cutOff, type Verified, WRONG_CHECKSUM} from './byte-source.js'
import {crc32} from './crc32.js'

/** The system call reads at most 2 GiB at once. */
const MAX_READ_BYTES = 2 ** 30

/** Read at once for a checksum. */
const VERIFIED_BYTES = 2 ** 20

/** `sizeBytes` uncompressed bytes of a file from `start` on, read by position: memory is what one read asks for. */
export function plainBytes(path: string, start: number, sizeBytes: number, where = path): ByteSource {
  return {where, limitBytes: sizeBytes, isExact: true, sequential: false, open: () => openPlain(path, start, where)}
}

/** The same for a stored member of an archive, whose checksum is known. */
export function storedBytes(path: string, start: number, sizeBytes: number, member: Checked): ByteSource {
  const plain = plainBytes(path, start, sizeBytes, member.where)
  return {...plain, verify: (_, signal) => verifyStored(path, {start, sizeBytes}, member.crc32, signal)}
}

interface Checked {
  readonly where: string
  readonly crc32: number
}

async function verifyStored(
  path: string,
  {start, sizeBytes}: {readonly start: number; readonly sizeBytes: number},
  expected: number,
  signal?: AbortSignal,
): Promise<Verified> {
  // an empty range cannot be asked for
  if (sizeBytes === 0) return {sizeBytes: 0, ...(expected !== 0 && {fault: WRONG_CHECKSUM})}
  let [done, sum] = [0, 0]
  const bytes = createReadStream(path, {start, end: start + sizeBytes - 1, highWaterMark: VERIFIED_BYTES})
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    signal?.throwIfAborted()
    sum = crc32(chunk, sum)
    done += chunk.length
  }
  return {sizeBytes: done, ...(done === sizeBytes && sum !== expected && {fault: WRONG_CHECKSUM})}
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
