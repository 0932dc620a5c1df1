import {fromFloat16, toFloat16} from '../../../ir/float16.js'

/** Below, float16 has fewer digits than a scale needs. */
const SMALLEST_NORMAL = 2 ** -14
const LARGEST = 65504

/** A scale as float16 can hold it; as it is, where float16 has too few digits for it. */
export function halfScale(scale: number): number {
  const magnitude = Math.abs(scale)
  return magnitude >= SMALLEST_NORMAL && magnitude <= LARGEST ? fromFloat16(toFloat16(scale)) : scale
}

/** Scales as bits of float16; undefined when that would change one. */
export function halfBits(scales: Float32Array): Uint16Array | undefined {
  const bits = Uint16Array.from(scales, toFloat16)
  return bits.every((half, i) => fromFloat16(half) === scales[i]) ? bits : undefined
}
