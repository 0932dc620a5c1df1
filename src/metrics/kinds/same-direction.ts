import {type Kept, type KindMeasure, type Numbers, type OutputPair, product} from './kind-measure.js'

/** Rows kept to look for neighbours among. */
const MOST_ROWS = 512
/** Fewer rows have no neighbourhood to speak of. */
const FEWEST_ROWS = 16
/** Neighbours whose cosines are this close are one as good as the other. */
const TIE = 1e-3

/**
 * Vectors that are compared with each other, `[..., D]`: the mean cosine of a row with the reference's. How many rows keep their nearest
 * neighbour is told beside it. Grows up to 512 rows.
 */
export class SameDirection implements KindMeasure {
  readonly #rows: Float64Array[] = []
  readonly #others: Float64Array[] = []
  #count = 0
  #sum = 0
  #least = 1

  add({reference, other, dims}: OutputPair): void {
    const length = dims.at(-1) ?? 1
    for (let row = 0; row < product(dims) / Math.max(1, length); row++) {
      const [own, theirs] = [reference, other].map((values) => direction(values, row * length, length)) as [
        Float64Array,
        Float64Array,
      ]
      const cosine = dot(own, theirs)
      this.#count++
      this.#sum += cosine
      this.#least = Math.min(this.#least, cosine)
      if (this.#rows.length < MOST_ROWS) {
        this.#rows.push(own)
        this.#others.push(theirs)
      }
    }
  }

  result(): Kept {
    const measure = 'cosine of rows'
    if (this.#count === 0) return {measure, value: null, reason: 'it was empty', details: {}}
    const neighbours = this.#neighbours()
    const details = {rows: this.#count, least: this.#least, ...(neighbours !== undefined && {neighbours})}
    return {measure, value: Math.max(0, this.#sum / this.#count), details}
  }

  /** Share of rows whose nearest row in the other model is among the nearest in the reference. */
  #neighbours(): number | undefined {
    const rows = this.#rows
    if (rows.length < FEWEST_ROWS) return undefined
    const kept = rows.filter((own, row) => {
      const found = nearest(this.#others, row)
      return dot(own, rows[found] as Float64Array) >= dot(own, rows[nearest(rows, row)] as Float64Array) - TIE
    })
    return kept.length / rows.length
  }
}

/** The row of length 1; zeros stay zeros, and are like nothing but zeros. */
function direction(values: Numbers, start: number, length: number): Float64Array {
  const row = Float64Array.from(values.subarray(start, start + length))
  const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
  return norm > 0 && Number.isFinite(norm) ? row.map((value) => value / norm) : row.fill(0)
}

function dot(a: Float64Array, b: Float64Array): number {
  let [sum, isZero] = [0, true]
  for (let index = 0; index < a.length; index++) {
    const [left, right] = [a[index] as number, b[index] as number]
    sum += left * right
    isZero &&= left === 0 && right === 0
  }
  return isZero ? 1 : Math.min(1, sum)
}

function nearest(rows: readonly Float64Array[], row: number): number {
  let [best, most] = [-1, Number.NEGATIVE_INFINITY]
  rows.forEach((other, index) => {
    const cosine = index === row ? Number.NEGATIVE_INFINITY : dot(rows[row] as Float64Array, other)
    if (cosine > most) [best, most] = [index, cosine]
  })
  return best
}
