import {access} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {DataError} from '../../errors.js'
import {castTo} from './cast.js'
import {rowElementsOf, rowShapeOf, type SampleArray} from './sample-array.js'
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
 * The labels of all samples, in the order of the samples, those of each behind one another.
 *
 * @param array `[N]` or `[N, 1]`; `[N, ...]` for a label per position.
 * @param dataCount samples in the data, before the order cuts it.
 * @throws DataError for another shape, another count, NaN or infinity.
 */
export async function readLabels(array: SampleArray, dataCount: number, order: SampleOrder): Promise<Float64Array> {
  const [count = 0] = array.shape
  const each = rowElementsOf(array)
  if (array.shape.length === 0 || each === 0) {
    throw new DataError(`${array.where}: expected a label per sample, got shape [${array.shape.join(', ')}]`)
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
      throw new DataError(
        `${array.where}, label ${labelPlace(order, position, each)}: expected ${expected}, got ${got}`,
      )
    }) as Float64Array
  } finally {
    await reader.close()
  }
}

/** Sizes of the labels of one sample: empty where there is one per sample. */
export function labelShapeOf(array: SampleArray): readonly number[] {
  return rowElementsOf(array) === 1 ? [] : rowShapeOf(array)
}

function labelPlace(order: SampleOrder, position: number, each: number): string {
  const sample = order.at(Math.floor(position / each))
  return each === 1 ? `${sample}` : `${position % each} of sample ${sample}`
}
