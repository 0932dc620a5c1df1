import {divergence} from './divergence.js'
import {type Kept, type KindMeasure, largest, type OutputPair, product} from './kind-measure.js'

/** One decision per row of class scores, `[..., C]`: the share of rows with the same largest class. Labels of samples, tokens of positions. */
export class SameLabels implements KindMeasure {
  #rows = 0
  #same = 0
  #divergence = 0

  /** @param measure what the share is called. */
  constructor(private readonly measure = 'same labels') {}

  add({reference, other, dims}: OutputPair): void {
    const count = dims.at(-1) ?? 1
    const rows = product(dims) / Math.max(1, count)
    for (let row = 0; row < rows; row++) {
      const start = row * count
      const [own, theirs] = [largest(reference, start, count), largest(other, start, count)]
      this.#rows++
      // NaN decides nothing, so it agrees with nothing
      if (own >= 0 && own === theirs) this.#same++
      this.#divergence += divergence(reference, other, {start, count, step: 1})
    }
  }

  result(): Kept {
    const {measure} = this
    if (this.#rows === 0) return {measure, value: null, reason: 'it was empty', details: {}}
    const details = {decisions: this.#rows, kl: this.#divergence / this.#rows}
    return {measure, value: this.#same / this.#rows, details}
  }
}
