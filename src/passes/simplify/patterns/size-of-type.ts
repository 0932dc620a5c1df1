import {byteLengthOf} from '../../../ir/dtype.js'
import type {ValueType} from '../../../ir/types.js'
import {knownProduct} from '../../../ops/count.js'

/** Bytes a value of this type takes; undefined when a size or the type is not known, and for strings. */
export function sizeOfType(type: ValueType | undefined): number | undefined {
  if (type?.kind !== 'tensor' || !type.dtype || type.dtype === 'string') return undefined
  const count = knownProduct(type.shape)
  return count === undefined ? undefined : byteLengthOf(type.dtype, count)
}
