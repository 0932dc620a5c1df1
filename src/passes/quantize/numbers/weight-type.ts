import type {Node} from '../../../ir/node.js'

/** An integer type that weights are stored in. Signed types are symmetric, zero point 0; unsigned ones have a zero point. */
export interface WeightType {
  readonly dtype: 'int8' | 'uint8' | 'int4' | 'uint4'
  readonly low: number
  readonly high: number
}

/** Symmetric types leave their lowest value unused: zero maps to zero and negation is exact. */
export const WEIGHT_TYPES: Readonly<Record<WeightType['dtype'], WeightType>> = {
  int8: {dtype: 'int8', low: -127, high: 127},
  uint8: {dtype: 'uint8', low: 0, high: 255},
  int4: {dtype: 'int4', low: -7, high: 7},
  uint4: {dtype: 'uint4', low: 0, high: 15},
}

export function isPacked({dtype}: WeightType): boolean {
  return dtype === 'int4' || dtype === 'uint4'
}

/** Whether weights of a type, by its name, take 4 bits. */
export function isPackedType(dtype: WeightType['dtype'] | undefined): boolean {
  return dtype !== undefined && isPacked(WEIGHT_TYPES[dtype])
}

/** The type that a node's weight gets in some form; undefined for nodes that get another. */
export type ChosenType = (node: Node) => WeightType | undefined

/**
 * Two elements per byte, the first in the low nibble, as ONNX stores 4-bit types; a last odd one stands alone. A piece is valid
 * until the next is asked for.
 */
export function* packNibbles(pieces: Iterable<Int8Array | Uint8Array>): Iterable<Uint8Array> {
  let [carry, buffer] = [-1, new Uint8Array(0)]
  for (const piece of pieces) {
    if (buffer.length * 2 < piece.length + 1) buffer = new Uint8Array((piece.length + 2) >> 1)
    let filled = 0
    for (let i = 0; i < piece.length; i++) {
      const nibble = (piece[i] as number) & 15
      if (carry < 0) carry = nibble
      else {
        buffer[filled++] = carry | (nibble << 4)
        carry = -1
      }
    }
    yield buffer.subarray(0, filled)
  }
  if (carry >= 0) yield Uint8Array.of(carry)
}
