import type {Numbers} from './output-numbers.js'

/** Null where a number would not be finite: see each field. */
export interface OutputDifference {
  /** Largest |a − b|; null when one side has a NaN or infinity the other has not. */
  readonly maxAbs: number | null
  /** Cosine of the angle between all elements; 1 when both are all zeros; null like maxAbs. */
  readonly cosine: number | null
  /** 10·log10(Σ ref² / Σ (ref − other)²); null when the outputs are equal (it would be infinite), or like maxAbs. */
  readonly sqnrDb: number | null
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
  #outside = 0

  constructor(private readonly tolerance?: Tolerance) {}

  /** Adds a batch; both arrays of the same length. */
  add(reference: Numbers, other: Numbers): void {
    for (let index = 0; index < reference.length; index++) {
      this.#addPair(reference[index] as number, other[index] as number)
    }
    if (this.tolerance) this.#outside += countOutside(reference, other, this.tolerance)
  }

  result(): OutputDifference {
    const outside = this.#outside
    if (this.#nonFinite > 0) return {maxAbs: null, cosine: null, sqnrDb: null, nonFinite: this.#nonFinite, outside}
    const sqnrDb = 10 * Math.log10(this.#referenceSquares / this.#errorSquares)
    return {
      maxAbs: this.#maxAbs,
      cosine: this.#cosine(),
      sqnrDb: Number.isFinite(sqnrDb) ? sqnrDb : null,
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

  #cosine(): number {
    if (this.#errorSquares === 0) return 1
    const norm = Math.sqrt(this.#referenceSquares) * Math.sqrt(this.#otherSquares)
    return norm === 0 ? 0 : this.#products / norm
  }
}

function countOutside(reference: Numbers, other: Numbers, {rtol, atol}: Tolerance): number {
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
