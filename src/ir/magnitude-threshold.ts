/**
 * The exact k-th smallest magnitude of a float32 array, in two passes and 1 MB of counters: magnitudes order like their bit patterns,
 * so a histogram of the high half finds the bucket and one of the low half the value.
 */

const HALF = 1 << 16
/** All bits of a float32 but the sign. */
export const MAGNITUDE = 0x7fffffff

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
 * @param values finite
 */
export function magnitudeThreshold(count: number, values: Float32Array): Threshold {
  const bits = magnitudeBits(values)
  const bucket = pick(countHighHalves(bits), count)
  const value = pick(countLowHalves(bits, bucket.index), bucket.rest)
  return {bits: bucket.index * HALF + value.index, ties: value.rest}
}

/** Sets what a threshold says to zero, in place. */
export function zeroSmallest(values: Float32Array, {bits: threshold, ties}: Threshold): void {
  const bits = magnitudeBits(values)
  let left = ties
  for (let i = 0; i < bits.length; i++) {
    const magnitude = (bits[i] as number) & MAGNITUDE
    if (magnitude < threshold || (magnitude === threshold && left-- > 0)) values[i] = 0
  }
}

function countHighHalves(bits: Uint32Array): Float64Array {
  const histogram = new Float64Array(HALF)
  for (let i = 0; i < bits.length; i++) {
    const index = ((bits[i] as number) & MAGNITUDE) >>> 16
    histogram[index] = (histogram[index] as number) + 1
  }
  return histogram
}

function countLowHalves(bits: Uint32Array, bucket: number): Float64Array {
  const histogram = new Float64Array(HALF)
  for (let i = 0; i < bits.length; i++) {
    const magnitude = (bits[i] as number) & MAGNITUDE
    if (magnitude >>> 16 !== bucket) continue
    const index = magnitude & 0xffff
    histogram[index] = (histogram[index] as number) + 1
  }
  return histogram
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
