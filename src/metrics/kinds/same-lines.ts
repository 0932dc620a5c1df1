import {divergence} from './divergence.js'
import {type Kept, type KindMeasure, largest, type OutputPair} from './kind-measure.js'

/**
 * Sequences of classes with a blank between them (CTC, Graves et al. 2006): the share of samples whose decoded lines are equal, by the
 * surest class at each step, repeats joined, blanks left out. The blank is the first or the last class, whichever the reference gives
 * more often. Grows by one small integer per step.
 */
export class SameLines implements KindMeasure {
  readonly #pairs: (readonly [reference: Int32Array, other: Int32Array])[] = []
  #classes = 0
  #steps = 0
  #divergence = 0

  /** Dims `[samples, steps, classes]`, or `[steps, classes]` of one sample. */
  add({reference, other, dims}: OutputPair): void {
    const [classes = 1, steps = 1] = [dims.at(-1), dims.at(-2)]
    this.#classes = classes
    for (let start = 0; start < reference.length; start += steps * classes) {
      const path = (scores: OutputPair['reference']) =>
        Int32Array.from({length: steps}, (_, step) => largest(scores, start + step * classes, classes))
      this.#pairs.push([path(reference), path(other)])
      for (let step = 0; step < steps; step++) {
        this.#divergence += divergence(reference, other, {start: start + step * classes, count: classes, step: 1})
      }
      this.#steps += steps
    }
  }

  result(): Kept {
    const measure = 'same lines'
    const blank = blankOf(
      this.#pairs.map(([reference]) => reference),
      this.#classes,
    )
    const lines = this.#pairs.map((pair) => pair.map((path) => decode(path, blank)) as [number[], number[]])
    const symbols = lines.reduce((sum, [line]) => sum + line.length, 0)
    const details = {lines: lines.length, symbols, kl: this.#divergence / Math.max(1, this.#steps)}
    if (lines.length === 0) return {measure, value: null, reason: 'it was empty', details}
    if (lines.every(([own, other]) => own.length + other.length === 0)) {
      return {measure, value: null, reason: 'all lines are empty', details}
    }
    const same = lines.filter(([own, other]) => own.join() === other.join()).length
    return {measure, value: same / lines.length, details}
  }
}

/** The first class or the last, by how often each is the surest. */
function blankOf(paths: readonly Int32Array[], classes: number): number {
  let balance = 0
  for (const path of paths) {
    for (const label of path) {
      if (label === 0) balance++
      if (label === classes - 1) balance--
    }
  }
  return balance >= 0 ? 0 : classes - 1
}

function decode(path: Int32Array, blank: number): number[] {
  return Array.from(path).filter((label, step) => label !== blank && (step === 0 || label !== path[step - 1]))
}
