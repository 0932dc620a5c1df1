import {DataError} from '../../errors.js'
import type {ByteSource} from '../bytes/byte-source.js'
import type {SampleArray} from '../samples/sample-array.js'
import {readNpyHeader} from './npy-header.js'
import {storedArray} from './stored-array.js'

/** A .npy array; only its header is read now. @throws DataError if it is not one, or holds no samples. */
export async function openNpy(bytes: ByteSource, name: string): Promise<SampleArray> {
  const reader = await bytes.open()
  try {
    const {dataOffset, type, shape, fortranOrder} = await readNpyHeader(reader, bytes.where)
    if (shape.includes(0))
      throw new DataError(`${bytes.where}: expected data, got the empty shape [${shape.join(', ')}]`)
    return storedArray({name, bytes, dataOffset, type, shape, fortranOrder})
  } finally {
    await reader.close()
  }
}
