import {type Kept, type KindMeasure, type Numbers, type OutputPair, sigmoid} from './kind-measure.js'
import {SameNumbers} from './same-numbers.js'

/** Probabilities that may stand for a yes, the usual one first: a lower one counts where the reference passes the usual one nowhere. */
export const THRESHOLDS = [0.5, 0.3, 0.1] as const

/** People stop at any of these: the worst counts. A lower one is for scores that hardly get there. */
const USUAL = 0.3

/** Yeses that say something of a threshold. */
const ENOUGH = 10

/**
 * The thresholds to go by: the usual ones with enough yeses, or for want of them the one with most.
 *
 * @param tried highest first, each with at least one yes.
 */
export function usual<T extends {readonly reference: number}>(
  tried: readonly (readonly [threshold: number, counts: T])[],
): readonly (readonly [number, T])[] {
  const common = tried.filter(([threshold, {reference}]) => threshold >= USUAL && reference >= ENOUGH)
  const most = tried.reduce((best, one) => Math.max(best, one[1].reference), 0)
  return common.length > 0 ? common : tried.filter(([, {reference}]) => reference === most).slice(0, 1)
}

export interface PositivesOptions {
  /** `samples`: one score each; `places`: many, of which the surest count most; `area`: pixels. */
  readonly of: 'samples' | 'places' | 'area'
  /** Scores are logits; undefined: they are unless all lie in 0..1. */
  readonly areLogits?: boolean | undefined
  /** As the scores are; one of THRESHOLDS, as a probability, when absent. */
  readonly threshold?: number | undefined
}

interface Counts {
  reference: number
  other: number
  both: number
  /** By how far a score passes the threshold. */
  referenceSure: number
  referenceKept: number
  otherSure: number
  otherKept: number
  different: number
}

/**
 * Yes or no by one score: at every sample, at every place, in every pixel. The many that both call no say nothing, so it is F1 of the
 * yeses (of an area, IoU); of single decisions the share of equal ones where that is less. Among places a yes weighs as much as it
 * passes the threshold by: those next to the surest one, which a detector removes, come and go without harm.
 */
export class SamePositives implements KindMeasure {
  readonly #asProbabilities = new Map<number, Counts>()
  readonly #asLogits = new Map<number, Counts>()
  readonly #numbers = new SameNumbers()
  #scores = 0
  #areProbabilities = true

  constructor(private readonly options: PositivesOptions) {}

  add({reference, other}: OutputPair): void {
    if (this.options.of === 'samples') this.#numbers.add({reference, other, dims: [reference.length]})
    const {threshold, areLogits} = this.options
    this.#scores += reference.length
    this.#areProbabilities &&= reference.every((score) => score >= 0 && score <= 1)
    for (const probability of threshold === undefined ? THRESHOLDS : [threshold]) {
      const given = threshold !== undefined
      if (areLogits !== true) count(countsOf(this.#asProbabilities, probability), reference, other, probability, false)
      const logit = given ? probability : Math.log(probability / (1 - probability))
      if (areLogits !== false) count(countsOf(this.#asLogits, probability), reference, other, logit, true)
    }
  }

  result(): Kept {
    const areLogits = this.options.areLogits ?? !this.#areProbabilities
    const tried = [...(areLogits ? this.#asLogits : this.#asProbabilities)]
    const measure = this.options.of === 'area' ? 'IoU' : 'F1'
    const passed = tried.filter(([, {reference}]) => reference > 0)
    const wanted = this.options.of === 'samples' ? passed.slice(0, 1) : usual(passed)
    const results = wanted.map(([threshold, counts]) => {
      return {value: this.#value(counts), details: {threshold, positives: counts.reference}}
    })
    const [worst] = results.sort((a, b) => a.value - b.value)
    if (!worst) return nothing(measure, tried[0])
    // one decision more or less of a few says nothing
    if (this.options.of === 'samples' && worst.details.positives < ENOUGH && this.#scores > ENOUGH) {
      return {...this.#numbers.result(), details: worst.details}
    }
    return {measure, ...worst}
  }

  #value(counts: Counts): number {
    const {reference, other, both, different} = counts
    if (this.options.of === 'area') return both / (reference + other - both)
    if (this.options.of === 'places') return sureF1(counts)
    return Math.min((2 * both) / (reference + other), 1 - different / this.#scores)
  }
}

/** Where the reference says no everywhere, any yes of the other model is wrong. */
function nothing(measure: string, highest: readonly [threshold: number, counts: Counts] | undefined): Kept {
  if (!highest) return {measure, value: null, reason: 'it was empty', details: {}}
  const [threshold, {other}] = highest
  const details = {threshold, positives: 0}
  return other > 0
    ? {measure, value: 0, details}
    : {measure, value: null, reason: `no score passes ${threshold}`, details}
}

/** Harmonic mean of what is kept of the reference's yeses and what is right of the other's, both weighed by how sure they are. */
function sureF1({referenceSure, referenceKept, otherSure, otherKept}: Counts): number {
  const recall = referenceSure === 0 ? 0 : referenceKept / referenceSure
  const precision = otherSure === 0 ? 0 : otherKept / otherSure
  return recall + precision === 0 ? 0 : (2 * recall * precision) / (recall + precision)
}

function countsOf(counts: Map<number, Counts>, threshold: number): Counts {
  const known = counts.get(threshold)
  if (known) return known
  const none = {reference: 0, other: 0, both: 0, different: 0}
  const fresh = {...none, referenceSure: 0, referenceKept: 0, otherSure: 0, otherKept: 0}
  counts.set(threshold, fresh)
  return fresh
}

function count(counts: Counts, reference: Numbers, other: Numbers, threshold: number, areLogits: boolean): void {
  const sureness = (score: number) => (areLogits ? sigmoid(score) - sigmoid(threshold) : score - threshold)
  for (let index = 0; index < reference.length; index++) {
    const [left, right] = [reference[index] as number, other[index] as number]
    const [own, theirs] = [left > threshold, right > threshold]
    if (own !== theirs || Number.isNaN(right)) counts.different++
    if (own) {
      counts.reference++
      counts.referenceSure += sureness(left)
      if (theirs) counts.referenceKept += sureness(left)
    }
    if (theirs) {
      counts.other++
      counts.otherSure += sureness(right)
      if (own) counts.otherKept += sureness(right)
    }
    if (own && theirs) counts.both++
  }
}
