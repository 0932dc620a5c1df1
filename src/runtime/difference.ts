/** Null where a number would not be finite: see each field. */
export interface OutputDifference {
  /** Largest |a − b|; null when one side has a NaN or infinity the other has not. */
  readonly maxAbs: number | null
  /** Cosine of the angle between all elements; 1 when both are all zeros; null like maxAbs. */
  readonly cosine: number | null
  /** 10·log10(Σ ref² / Σ (ref − other)²); null when the outputs are equal (it would be infinite), or like maxAbs. */
  readonly sqnrDb: number | null
  /** Share of rows with the same largest column, ties to the lowest index; null unless the output is [N, C] with C ≥ 2. */
  readonly agreement: number | null
  /** Elements where exactly one side is NaN or infinite, or both differently. */
  readonly nonFinite: number
  /** Elements farther apart than the tolerance allows; 0 when none was given. */
  readonly outside: number
}

/**
 * Two elements count as equal when |ref − other| ≤ atol + rtol · max(|ref|, root mean square of the output): beside large elements a
 * small one may carry their rounding.
 */
export interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

/** Running sums over pairs of outputs, in float64. */
export class Difference {
  #maxAbs = 0
  #referenceSquares = 0
  #otherSquares = 0
  #products = 0
  #errorSquares = 0
  #nonFinite = 0
  #rows = 0
  #sameLabels = 0
  #outside = 0

  constructor(private readonly tolerance?: Tolerance) {}

  /** Adds a batch; both arrays row-major in `shape`, same length. */
  add(reference: Float32Array, other: Float32Array, shape: readonly number[]): void {
    for (let index = 0; index < reference.length; index++) {
      this.#addPair(reference[index] as number, other[index] as number)
    }
    if (this.tolerance) this.#outside += countOutside(reference, other, this.tolerance)
    const [rows = 0, columns = 0] = shape
    if (shape.length === 2 && columns >= 2) this.#addLabels(reference, other, rows, columns)
  }

  /** Adds the sums of another output; labels count for the first output that has them. */
  merge(from: Difference): void {
    this.#maxAbs = Math.max(this.#maxAbs, from.#maxAbs)
    this.#referenceSquares += from.#referenceSquares
    this.#otherSquares += from.#otherSquares
    this.#products += from.#products
    this.#errorSquares += from.#errorSquares
    this.#nonFinite += from.#nonFinite
    this.#outside += from.#outside
    if (this.#rows > 0) return
    this.#rows = from.#rows
    this.#sameLabels = from.#sameLabels
  }

  result(): OutputDifference {
    const agreement = this.#rows > 0 ? this.#sameLabels / this.#rows : null
    const outside = this.#outside
    if (this.#nonFinite > 0)
      return {maxAbs: null, cosine: null, sqnrDb: null, agreement, nonFinite: this.#nonFinite, outside}
    const sqnrDb = 10 * Math.log10(this.#referenceSquares / this.#errorSquares)
    return {
      maxAbs: this.#maxAbs,
      cosine: this.#cosine(),
      sqnrDb: Number.isFinite(sqnrDb) ? sqnrDb : null,
      agreement,
      nonFinite: 0,
      outside,
    }
  }

  #addPair(reference: number, other: number): void {
    const error = reference - other
    if (!Number.isFinite(error)) {
      if (!Object.is(reference, other)) this.#nonFinite++
      return
    }
    this.#maxAbs = Math.max(this.#maxAbs, Math.abs(error))
    this.#errorSquares += error * error
    this.#referenceSquares += reference * reference
    this.#otherSquares += other * other
    this.#products += reference * other
  }

  #addLabels(reference: Float32Array, other: Float32Array, rows: number, columns: number): void {
    this.#rows += rows
    for (let start = 0; start < rows * columns; start += columns) {
      if (argmax(reference, start, columns) === argmax(other, start, columns)) this.#sameLabels++
    }
  }

  #cosine(): number {
    if (this.#errorSquares === 0) return 1
    const norm = Math.sqrt(this.#referenceSquares) * Math.sqrt(this.#otherSquares)
    return norm === 0 ? 0 : this.#products / norm
  }
}

function countOutside(reference: Float32Array, other: Float32Array, {rtol, atol}: Tolerance): number {
  let [squares, count] = [0, 0]
  for (const value of reference) if (Number.isFinite(value)) [squares, count] = [squares + value * value, count + 1]
  const scale = count > 0 ? Math.sqrt(squares / count) : 0
  let outside = 0
  for (let index = 0; index < reference.length; index++) {
    const [left, right] = [reference[index] as number, other[index] as number]
    const isNear = Math.abs(left - right) <= atol + rtol * Math.max(Math.abs(left), scale)
    if (!isNear && !Object.is(left, right)) outside++
  }
  return outside
}

/** Column of the largest element, −1 when none is a number. */
function argmax(values: Float32Array, start: number, count: number): number {
  let best = -1
  let largest = Number.NEGATIVE_INFINITY
  for (let column = 0; column < count; column++) {
    const value = values[start + column] as number
    if (value > largest || (best < 0 && value === largest)) [best, largest] = [column, value]
  }
  return best
}
