import {DataError} from '../../errors.js'
import type {DType} from '../../ir/dtype.js'
import type {ByteSource} from '../bytes/byte-source.js'
import type {SampleArray} from '../samples/sample-array.js'
import {storedArray} from './stored-array.js'

/** Third byte of the magic number. @see http://yann.lecun.com/exdb/mnist */
const DTYPES: Readonly<Record<number, DType>> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
}

/** Labels, vectors, gray images, colour images, volumes; nothing in use has more. */
const MAX_RANK = 8

/**
 * An IDX array (the MNIST family), always big-endian; only its header is read now.
 * Bytes of rank 3 and 4 are pixels.
 * @throws DataError if it is not one, or holds no samples.
 */
export async function openIdx(bytes: ByteSource, name: string): Promise<SampleArray> {
  const reader = await bytes.open()
  try {
    const magic = await reader.read(0, 4)
    const [zero, dtype, rank] = [magic.readUInt16BE(0), DTYPES[magic[2] as number], magic[3] as number]
    if (zero !== 0 || !dtype || rank < 1 || rank > MAX_RANK) {
      throw new DataError(`${bytes.where}: expected an IDX file, got magic number 0x${magic.toString('hex')}`)
    }
    const sizes = await reader.read(4, 4 * rank)
    const shape = Array.from({length: rank}, (_, axis) => sizes.readUInt32BE(4 * axis))
    if (shape.includes(0))
      throw new DataError(`${bytes.where}: expected data, got the empty shape [${shape.join(', ')}]`)
    const isPixels = dtype === 'uint8' && (rank === 3 || rank === 4)
    return storedArray({name, bytes, dataOffset: 4 + 4 * rank, type: {dtype, bigEndian: true}, shape, isPixels})
  } finally {
    await reader.close()
  }
}
