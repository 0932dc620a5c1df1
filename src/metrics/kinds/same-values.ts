import type {Kept, KindMeasure, OutputPair} from './kind-measure.js'

/** Integers, bools and strings: the share of equal elements. Elements that only one side has are not equal. */
export class SameValues implements KindMeasure {
  #elements = 0
  #same = 0

  add({reference, other}: OutputPair): void {
    this.#elements += Math.max(reference.length, other.length)
    for (let index = 0; index < Math.min(reference.length, other.length); index++) {
      if (Object.is(reference[index], other[index])) this.#same++
    }
  }

  result(): Kept {
    const measure = 'equal values'
    if (this.#elements === 0) return {measure, value: null, reason: 'it was empty', details: {}}
    return {measure, value: this.#same / this.#elements, details: {values: this.#elements}}
  }
}
