import {arrayTypeOf, byteLengthOf, type DType, type TypedArray} from '../../ir/dtype.js'

/** How elements lie in a file. */
export interface ElementType {
  readonly dtype: DType
  readonly bigEndian: boolean
}

export function elementBytes(type: ElementType): number {
  return byteLengthOf(type.dtype, 1)
}

/** Raw bytes as elements in this machine's order. The buffer is swapped in place and must not be used again. */
export function elementsOf(bytes: Buffer, type: ElementType): TypedArray {
  if (type.bigEndian) swap(bytes, elementBytes(type))
  const Elements = arrayTypeOf(type.dtype)
  return new Elements(bytes.buffer, bytes.byteOffset, bytes.length / Elements.BYTES_PER_ELEMENT)
}

function swap(bytes: Buffer, width: number): void {
  if (width === 2) bytes.swap16()
  if (width === 4) bytes.swap32()
  if (width === 8) bytes.swap64()
}
