import {elementCount, type Tensor} from '../../../ir/tensor.js'

/** The elements of an integer tensor, one per entry: 4-bit types are unpacked, low nibble first. A view where nothing is packed. */
export function readIntegers(tensor: Tensor): Int8Array | Uint8Array | Int32Array {
  const data = tensor.read()
  if (tensor.dtype === 'int4' || tensor.dtype === 'uint4') return unpackNibbles(tensor, data as Uint8Array)
  if (data instanceof Int8Array || data instanceof Uint8Array || data instanceof Int32Array) return data
  throw new TypeError(`expected integers of at most 32 bits, got ${tensor.dtype}`)
}

/** The largest distance from zero; 0 for an empty tensor. */
export function largestMagnitude(integers: Int8Array | Uint8Array | Int32Array): number {
  let largest = 0
  for (let i = 0; i < integers.length; i++) largest = Math.max(largest, Math.abs(integers[i] as number))
  return largest
}

function unpackNibbles({dtype, shape}: Tensor, packed: Uint8Array): Int8Array {
  const values = new Int8Array(elementCount(shape))
  for (let i = 0; i < values.length; i++) {
    const nibble = ((packed[i >> 1] as number) >> (4 * (i & 1))) & 15
    // four bits, in two's complement
    values[i] = dtype === 'int4' && nibble > 7 ? nibble - 16 : nibble
  }
  return values
}
