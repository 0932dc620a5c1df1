import {access} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {DataError} from '../errors.js'
import {castTo} from './cast.js'
import {rowElementsOf, type SampleArray} from './sample-array.js'
import type {SampleOrder} from './sample-order.js'

/**
 * The usual name of the labels of an IDX images file, if such a file is beside it:
 * `t10k-images-idx3-ubyte.gz` → `t10k-labels-idx1-ubyte.gz`, or the same without `.gz`.
 */
export async function findLabelsBeside(path: string): Promise<string | undefined> {
  const name = basename(path).replace(/images([-.])idx\d/, 'labels$1idx1')
  if (name === basename(path)) return undefined
  const plain = name.replace(/\.gz$/, '')
  for (const candidate of new Set([name, plain, `${plain}.gz`])) {
    const file = join(dirname(path), candidate)
    const exists = await access(file).then(
      () => true,
      () => false,
    )
    if (exists) return file
  }
  return undefined
}

/**
 * One label per sample, in the order of the samples.
 * @param array `[N]` or `[N, 1]`.
 * @param dataCount samples in the data, before the order cuts it.
 * @throws DataError for another shape, another count, NaN or infinity.
 */
export async function readLabels(array: SampleArray, dataCount: number, order: SampleOrder): Promise<Float64Array> {
  const [count = 0] = array.shape
  if (array.shape.length === 0 || rowElementsOf(array) !== 1) {
    throw new DataError(`${array.where}: expected one label per sample, got shape [${array.shape.join(', ')}]`, {
      hint: 'Turn one-hot labels into class numbers with argmax',
    })
  }
  if (count !== dataCount) {
    throw new DataError(`${array.where}: expected ${dataCount} labels, one per sample, got ${count}`, {
      hint: 'Give the labels that belong to this data',
    })
  }
  const reader = await array.open(order)
  try {
    const cast = castTo(array.dtype, 'float64', array.name)
    return cast(await reader.read(0, order.count), (position, expected, got) => {
      throw new DataError(`${array.where}, label ${order.at(position)}: expected ${expected}, got ${got}`)
    }) as Float64Array
  } finally {
    await reader.close()
  }
}
