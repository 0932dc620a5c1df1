import type {TypedArray} from '../../../ir/dtype.js'
import {elementCount, toNumber} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'

const NUMBERS: ReadonlySet<string> = new Set([
  ...['float32', 'float64', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'bool'],
])

/** The number all elements of a constant are; undefined when they differ, or for types that are not plain numbers. */
export function uniformValue(value: Value | undefined): number | undefined {
  const tensor = value?.constant
  if (!tensor || !NUMBERS.has(tensor.dtype) || elementCount(tensor.shape) === 0) return undefined
  const data = tensor.read() as TypedArray
  const first = data[0]
  for (let index = 1; index < data.length; index++) if (data[index] !== first) return undefined
  return first === undefined ? undefined : toNumber(first)
}
