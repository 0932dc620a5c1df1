import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {Writable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import {readFailure} from './file-errors.js'
import {openModel} from './open-model.js'

export interface FileMeasure {
  /** The model file and its external data. */
  readonly sizeBytes: number
  /** What gzip at its usual level makes of each file, added up. */
  readonly compressedBytes: number
  /** Of the model file, followed by its data files. */
  readonly sha256: string
}

const GZIP_LEVEL = 6
const CHUNK_BYTES = 2 ** 20

/**
 * Measures a model file with its external data. Streams: memory does not depend on the size.
 * @throws the errors of `openModel`.
 */
export async function measureFile(path: string): Promise<FileMeasure> {
  const {files, sizeBytes, close} = await openModel(path)
  close()
  const hash = createHash('sha256')
  let compressedBytes = 0
  for (const file of files) {
    const counter = new Writable({
      write(chunk: Buffer, _encoding, done) {
        compressedBytes += chunk.length
        done()
      },
    })
    const source = createReadStream(file, {highWaterMark: CHUNK_BYTES})
    source.on('data', (chunk) => hash.update(chunk))
    try {
      await pipeline(source, createGzip({level: GZIP_LEVEL}), counter)
    } catch (cause) {
      throw readFailure(file, cause)
    }
  }
  return {sizeBytes, compressedBytes, sha256: hash.digest('hex')}
}
