import {type Kept, type KindMeasure, largest, type OutputPair, product} from './kind-measure.js'

/** A class that wins at more than this share of the places is what is there when nothing is. */
const BACKGROUND_SHARE = 0.5

/**
 * One of several classes at every place (segmentation, tagging, anchors): F1 of the places that are not background, which is the class
 * that wins most places. Where classes do not exclude each other, a place without a score above the threshold is background.
 */
export class SamePlaces implements KindMeasure {
  readonly #wins = new Map<number, number>()
  readonly #otherWins = new Map<number, number>()
  readonly #same = new Map<number, number>()
  #places = 0

  /**
   * @param axis of the classes.
   * @param threshold what a score must pass, where classes do not exclude each other.
   */
  constructor(
    private readonly axis: number,
    private readonly threshold?: number | undefined,
  ) {}

  add({reference, other, dims}: OutputPair): void {
    const count = dims[this.axis] ?? 1
    const step = product(dims.slice(this.axis + 1))
    for (let block = 0; block < product(dims.slice(0, this.axis)); block++) {
      for (let place = 0; place < step; place++) {
        const start = block * count * step + place
        const [own, theirs] = [reference, other].map((scores) => {
          const best = largest(scores, start, count, step)
          const isClear = this.threshold === undefined || (scores[start + best * step] ?? 0) > this.threshold
          return isClear ? best : NOTHING
        }) as [number, number]
        this.#places++
        increase(this.#wins, own)
        increase(this.#otherWins, theirs)
        if (own === theirs) increase(this.#same, own)
      }
    }
  }

  result(): Kept {
    const measure = 'F1 of places'
    if (this.#places === 0) return {measure, value: null, reason: 'it was empty', details: {}}
    const [background, wins] = this.#background()
    const own = this.#places - wins
    const theirs = this.#places - (this.#otherWins.get(background) ?? 0)
    const kept = [...this.#same].reduce((sum, [label, count]) => sum + (label === background ? 0 : count), 0)
    const details = {places: own}
    if (own + theirs === 0) return {measure, value: null, reason: 'all places are background', details}
    return {measure, value: (2 * kept) / (own + theirs), details}
  }

  /** The class to leave out and the places it wins; a label that no place has when none is. */
  #background(): [label: number, wins: number] {
    if (this.threshold !== undefined) return [NOTHING, this.#wins.get(NOTHING) ?? 0]
    const [label, wins] = [...this.#wins].reduce((most, one) => (one[1] > most[1] ? one : most), [NOTHING, 0] as const)
    return wins > BACKGROUND_SHARE * this.#places ? [label, wins] : [Number.NaN, 0]
  }
}

const NOTHING = -1

function increase(counts: Map<number, number>, label: number): void {
  counts.set(label, (counts.get(label) ?? 0) + 1)
}
