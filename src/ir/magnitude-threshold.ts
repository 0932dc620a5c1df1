/**
 * The exact k-th smallest magnitude of any number of float32 arrays, in two streamed passes and 1 MB of counters: magnitudes
 * order like their bit patterns, so a histogram of the high half finds the bucket and one of the low half the value.
 */

const HALF = 1 << 16
/** All bits of a float32 but the sign. */
export const MAGNITUDE = 0x7fffffff
/** Bit pattern of +infinity: everything above is NaN. */
const INFINITY_BITS = 0x7f800000

export interface Threshold {
  /** Bit pattern of the k-th smallest magnitude: everything below it goes. */
  readonly bits: number
  /** How many of the values that equal it go too, in storage order. */
  readonly ties: number
}

/** Bit patterns of the magnitudes of a float32 array: the sign bit is to be masked off. A view, nothing is copied. */
export function magnitudeBits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length)
}

/**
 * @param count how many of the smallest magnitudes are to go, at least 1 and at most the number of values.
 * @param arrays called twice; yields the same arrays each time.
 * @param onNonFinite called for an array that holds NaN or infinity.
 */
export function magnitudeThreshold(
  count: number,
  arrays: () => Iterable<{values: Float32Array; name: string}>,
  onNonFinite: (name: string) => never,
): Threshold {
  const high = new Float64Array(HALF)
  for (const {values, name} of arrays()) {
    if (!countHighHalves(magnitudeBits(values), high)) onNonFinite(name)
  }
  const bucket = pick(high, count)
  const low = new Float64Array(HALF)
  for (const {values} of arrays()) countLowHalves(magnitudeBits(values), bucket.index, low)
  const value = pick(low, bucket.rest)
  return {bits: bucket.index * HALF + value.index, ties: value.rest}
}

/**
 * Sets what a threshold says to zero, in place.
 *
 * @returns how many of the values that equal it may still go, in the arrays that follow.
 */
export function zeroSmallest(values: Float32Array, {bits: threshold, ties}: Threshold): number {
  const bits = magnitudeBits(values)
  let left = ties
  for (let i = 0; i < bits.length; i++) {
    const magnitude = (bits[i] as number) & MAGNITUDE
    if (magnitude < threshold || (magnitude === threshold && left-- > 0)) values[i] = 0
  }
  return Math.max(0, left)
}

/** @returns false when a value is not finite. */
function countHighHalves(bits: Uint32Array, histogram: Float64Array): boolean {
  for (let i = 0; i < bits.length; i++) {
    const magnitude = (bits[i] as number) & MAGNITUDE
    if (magnitude >= INFINITY_BITS) return false
    const index = magnitude >>> 16
    histogram[index] = (histogram[index] as number) + 1
  }
  return true
}

function countLowHalves(bits: Uint32Array, bucket: number, histogram: Float64Array): void {
  for (let i = 0; i < bits.length; i++) {
    const magnitude = (bits[i] as number) & MAGNITUDE
    if (magnitude >>> 16 !== bucket) continue
    const index = magnitude & 0xffff
    histogram[index] = (histogram[index] as number) + 1
  }
}

/** The bucket that holds the count-th value, and which of its values that is. */
function pick(histogram: Float64Array, count: number): {index: number; rest: number} {
  let rest = count
  for (let index = 0; index < histogram.length; index++) {
    const here = histogram[index] as number
    if (rest <= here) return {index, rest}
    rest -= here
  }
  throw new RangeError(`asked for more values than there are (${count})`)
}
