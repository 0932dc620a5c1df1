import {readNumbers} from './tensor.js'
import type {Value} from './value.js'

/** The only element of a constant; undefined for values, texts and longer constants. */
export function onlyNumber(value: Value | undefined): number | undefined {
  const tensor = value?.constant
  if (!tensor || tensor.dtype === 'string' || tensor.shape.some((size) => size !== 1)) return undefined
  return readNumbers(tensor)[0]
}
