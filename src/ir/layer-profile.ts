import {MAGNITUDE, magnitudeBits} from './magnitude-threshold.js'

/** Which output channel an element of a weight feeds: the one at `i` that of row `floor(i / inner) % rows`. */
export interface RowLayout {
  readonly rows: number
  readonly inner: number
}

/** A weight, as the choice of how many of its elements go sees it. */
export interface LayerProfile {
  readonly elements: number
  readonly zeros: number
  /** Σ w². */
  readonly energy: number
  /** Elements but for zeros and the largest of each row, magnitudes rising. */
  readonly buckets: readonly Bucket[]
}

/** Elements of about one magnitude: within 0.4 %. */
interface Bucket {
  readonly count: number
  readonly energy: number
}

/** Bits of a magnitude that tell elements of one bucket apart. */
const SHIFT = 15
const BUCKETS = 1 << 16
/** Bit pattern of +infinity: everything above is NaN. */
const INFINITY_BITS = 0x7f800000

/**
 * Counts a weight by magnitude: one pass, memory that does not grow with it.
 *
 * @returns undefined when it holds NaN or infinity.
 */
export function layerProfile(values: Float32Array, layout: RowLayout): LayerProfile | undefined {
  const bits = magnitudeBits(values)
  const [counts, squares] = [new Float64Array(BUCKETS), new Float64Array(BUCKETS)]
  let zeros = 0
  for (let i = 0; i < bits.length; i++) {
    const magnitude = (bits[i] as number) & MAGNITUDE
    if (magnitude >= INFINITY_BITS) return undefined
    if (magnitude === 0) zeros++
    else count(values[i] as number, magnitude >>> SHIFT, 1)
  }
  const energy = squares.reduce((sum, square) => sum + square, 0)
  for (const index of rowPeaks(values, layout)) {
    const magnitude = (bits[index] as number) & MAGNITUDE
    count(values[index] as number, magnitude >>> SHIFT, -1)
  }
  const buckets = [...counts.keys()].flatMap((at) => {
    const [here, square] = [counts[at] as number, squares[at] as number]
    // what was taken away again may leave a little less than nothing
    return here > 0 ? [{count: here, energy: Math.max(0, square)}] : []
  })
  return {elements: values.length, zeros, energy, buckets}

  function count(value: number, bucket: number, by: 1 | -1): void {
    counts[bucket] = (counts[bucket] as number) + by
    squares[bucket] = (squares[bucket] as number) + by * value * value
  }
}

/** Where the largest element of each row stands; none for a row of zeros. */
export function rowPeaks(values: Float32Array, {rows, inner}: RowLayout): number[] {
  const peaks = new Float32Array(rows)
  const at = new Float64Array(rows).fill(-1)
  for (let start = 0, row = 0; start < values.length; start += inner, row = (row + 1) % rows) {
    for (let i = start; i < start + inner; i++) {
      const magnitude = Math.abs(values[i] as number)
      if (!(magnitude > (peaks[row] as number))) continue
      peaks[row] = magnitude
      at[row] = i
    }
  }
  return [...at].filter((index) => index >= 0)
}
