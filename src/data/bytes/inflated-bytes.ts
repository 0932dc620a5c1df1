import {createReadStream, type ReadStream} from 'node:fs'
import {pipeline, type Transform} from 'node:stream'
import {constants, createGunzip, createInflateRaw, type ZlibOptions} from 'node:zlib'
import {DataError} from '../../errors.js'
import {type ByteReader, type ByteSource, cutOff, type Verified, WRONG_CHECKSUM} from './byte-source.js'
import {crc32} from './crc32.js'

/** Deflate cannot do better than this (258 bytes out of 2 bits), so a larger claim is a lie. zlib's technical notes. */
const MAX_DEFLATE_RATIO = 1032

const CHUNK_BYTES = 64 * 1024

export interface CompressedPart {
  readonly path: string
  readonly format: 'gzip' | 'deflate'
  readonly start: number
  readonly compressedBytes: number
  /** What the archive says comes out, if it says so. */
  readonly sizeBytes?: number
  /** Of what comes out; gzip has its own behind the data. */
  readonly crc32?: number
}

/** Compressed bytes of a file, inflated as they are asked for and no further: memory is a chunk plus one read. */
export function inflatedBytes(part: CompressedPart, where = part.path): ByteSource {
  const reachable = part.compressedBytes * MAX_DEFLATE_RATIO
  return {
    where,
    limitBytes: Math.min(part.sizeBytes ?? reachable, reachable),
    isExact: part.sizeBytes !== undefined && part.sizeBytes <= reachable,
    sequential: true,
    open: async () => new InflatedReader(part, where),
    verify: (expectedBytes, signal) => verifyInflated(part, expectedBytes, signal),
  }
}

/** zlib itself checks the end of each gzip member: the checksum, and the length. */
async function verifyInflated(part: CompressedPart, expectedBytes: number, signal?: AbortSignal): Promise<Verified> {
  if (part.compressedBytes === 0) return {sizeBytes: 0}
  const {path, start, compressedBytes} = part
  const [source, inflate] = [createReadStream(path, {start, end: start + compressedBytes - 1}), inflaterFor(part)]
  let [sizeBytes, sum] = [0, 0]
  inflate.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length
    sum = crc32(chunk, sum)
    // a header that says less than there is: no need to know how much
    if (sizeBytes > expectedBytes || signal?.aborted) source.destroy(ENOUGH)
  })
  const fault = await finished(source, inflate)
  signal?.throwIfAborted()
  if (fault === ENOUGH.message) return {sizeBytes}
  // lengths tell that
  if (fault === CUT_OFF && sizeBytes < expectedBytes) return {sizeBytes}
  return {sizeBytes, fault: fault ?? (part.crc32 !== undefined && sum !== part.crc32 ? WRONG_CHECKSUM : undefined)}
}

/** What zlib says of data that end early. */
const CUT_OFF = 'unexpected end of file'
const ENOUGH = new Error('enough')

/** @returns what is wrong with the data. */
function finished(source: ReadStream, inflate: Transform): Promise<string | undefined> {
  return new Promise((resolve) => {
    inflate.on('error', (error) => resolve(error.message)).on('end', () => resolve(undefined))
    source.on('error', (error) => {
      resolve(error.message)
      inflate.destroy()
    })
    source.pipe(inflate)
  })
}

function inflaterFor({format}: CompressedPart, options: ZlibOptions = {}): Transform {
  const all = {chunkSize: CHUNK_BYTES, ...options}
  return format === 'gzip' ? createGunzip(all) : createInflateRaw(all)
}

/** Gives what there is of data that end early: `verify` tells how much that is. */
const LENIENT: ZlibOptions = {finishFlush: constants.Z_SYNC_FLUSH}

class InflatedReader implements ByteReader {
  #stream: Transform | undefined
  #chunks: AsyncIterator<Buffer> | undefined
  #rest: Buffer = Buffer.alloc(0)
  #position = 0

  constructor(
    private readonly part: CompressedPart,
    private readonly where: string,
  ) {}

  async read(offset: number, lengthBytes: number): Promise<Buffer> {
    if (offset < this.#position) await this.close()
    await this.#skip(offset - this.#position)
    const buffer = Buffer.allocUnsafeSlow(lengthBytes)
    for (let done = 0; done < lengthBytes; ) {
      const piece = await this.#take(lengthBytes - done)
      if (piece.length === 0) throw cutOff(this.where, lengthBytes, done)
      piece.copy(buffer, done)
      done += piece.length
    }
    return buffer
  }

  async close(): Promise<void> {
    this.#stream?.destroy()
    this.#stream = undefined
    this.#chunks = undefined
    this.#rest = Buffer.alloc(0)
    this.#position = 0
  }

  async #skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const piece = await this.#take(left)
      if (piece.length === 0) throw cutOff(this.where, count, count - left)
      left -= piece.length
    }
  }

  /** The next bytes, at most `count`; none at the end. */
  async #take(count: number): Promise<Buffer> {
    if (this.#rest.length === 0) this.#rest = await this.#next()
    const piece = this.#rest.subarray(0, count)
    this.#rest = this.#rest.subarray(piece.length)
    this.#position += piece.length
    return piece
  }

  async #next(): Promise<Buffer> {
    try {
      this.#chunks ??= this.#start()
      const {value, done} = await this.#chunks.next()
      return done ? Buffer.alloc(0) : value
    } catch (cause) {
      throw new DataError(`${this.where}: the compressed data is damaged or cut off`, {
        cause,
        hint: 'Write or download the file again',
      })
    }
  }

  #start(): AsyncIterator<Buffer> {
    const {path, start, compressedBytes} = this.part
    // an empty range cannot be asked for, and an empty member has nothing to read
    if (compressedBytes === 0) return (async function* (): AsyncGenerator<Buffer> {})()
    const inflate = inflaterFor(this.part, LENIENT)
    this.#stream = inflate
    // errors of the file reach the iterator through the destroyed transform
    pipeline(createReadStream(path, {start, end: start + compressedBytes - 1}), inflate, () => undefined)
    return inflate[Symbol.asyncIterator]()
  }
}
