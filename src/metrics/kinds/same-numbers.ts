import type {Kept, KindMeasure, OutputPair} from './kind-measure.js'

/** Outputs with at most so many columns have a meaning of its own, and a scale, in each. */
const COLUMNS = 16

/**
 * Numbers as they are: R², the share of their variance that is kept, 1 − Σ(reference − other)² ÷ Σ(reference − mean)². Of few columns
 * the worst one, since one may be thousands of times another. Numbers that do not vary are judged by their squares instead.
 */
export class SameNumbers implements KindMeasure {
  readonly #columns: Column[] = []
  readonly #all = new Column()
  #rows = 0

  add({reference, other, dims}: OutputPair): void {
    const last = dims.length >= 2 ? (dims.at(-1) as number) : 1
    const count = last <= COLUMNS ? last : 1
    while (this.#columns.length < count) this.#columns.push(new Column())
    this.#rows += reference.length / count
    for (let index = 0; index < reference.length; index++) {
      const [own, theirs] = [reference[index] as number, other[index] as number]
      this.#columns[index % count]?.add(own, theirs)
      this.#all.add(own, theirs)
    }
  }

  result(): Kept {
    // within a single row no column varies
    const columns = this.#rows > 1 ? this.#columns : [this.#all]
    const values = columns.flatMap((column) => column.kept() ?? [])
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
