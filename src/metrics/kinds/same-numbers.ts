import {type Kept, type KindMeasure, type OutputPair, product} from './kind-measure.js'

/** Outputs with at most so many columns have a meaning of its own, and a scale, in each. */
const COLUMNS = 16

/**
 * Numbers as they are: R², the share of their variance that is kept, 1 − Σ(reference − other)² ÷ Σ(reference − mean)². Of few columns
 * the worst one, since one may be thousands of times another. Numbers that do not vary are judged by their squares instead.
 */
export class SameNumbers implements KindMeasure {
  readonly #columns: Column[] = []

  add({reference, other, dims}: OutputPair): void {
    const last = dims.length >= 2 ? (dims.at(-1) as number) : 1
    const count = last <= COLUMNS && product(dims) > last ? last : 1
    while (this.#columns.length < count) this.#columns.push(new Column())
    for (let index = 0; index < reference.length; index++) {
      this.#columns[index % count]?.add(reference[index] as number, other[index] as number)
    }
  }

  result(): Kept {
    const values = this.#columns.flatMap((column) => column.kept() ?? [])
    const [first] = values
    if (first === undefined) return {measure: 'R²', value: null, reason: 'it was empty', details: {}}
    return {measure: 'R²', value: Math.max(0, Math.min(...values)), details: {}}
  }
}

/** Welford's running sums: means far from zero do not cancel. */
class Column {
  #count = 0
  #mean = 0
  #variance = 0
  #squares = 0
  #errors = 0

  add(reference: number, other: number): void {
    const error = reference - other
    if (!Number.isFinite(error)) {
      // the same infinity on both sides is no error
      if (!Object.is(reference, other)) this.#errors = Number.POSITIVE_INFINITY
      return
    }
    this.#count++
    const distance = reference - this.#mean
    this.#mean += distance / this.#count
    this.#variance += distance * (reference - this.#mean)
    this.#squares += reference * reference
    this.#errors += error * error
  }

  kept(): number | undefined {
    if (this.#count === 0) return this.#errors > 0 ? 0 : undefined
    if (this.#errors === 0) return 1
    const varies = this.#variance > 1e-9 * this.#squares
    return 1 - this.#errors / (varies ? this.#variance : this.#squares)
  }
}
