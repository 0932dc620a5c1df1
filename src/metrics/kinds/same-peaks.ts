import type {Kept, KindMeasure, Numbers, OutputPair} from './kind-measure.js'
import {THRESHOLDS} from './same-positives.js'

interface Counts {
  reference: number
  other: number
  found: number
  right: number
}

/** Fewer peaks than this above a threshold are too few to go by, where a lower one has more. */
const ENOUGH = 10

/**
 * Peaks of a plane of probabilities, which is 0 between them (line and keypoint detectors): F1 of the peaks that the other model has in
 * the same cell or next to it, since a peak that moves by one cell is the same thing.
 */
export class SamePeaks implements KindMeasure {
  readonly #counts: readonly (readonly [threshold: number, counts: Counts])[]

  /** @param plane sizes of each plane, whose cells lie side by side. */
  constructor(
    private readonly plane: {readonly height: number; readonly width: number},
    threshold?: number | undefined,
  ) {
    const tried = threshold === undefined ? THRESHOLDS : [threshold]
    this.#counts = tried.map((one) => [one, {reference: 0, other: 0, found: 0, right: 0}])
  }

  add({reference, other}: OutputPair): void {
    const cells = this.plane.height * this.plane.width
    for (let start = 0; start < reference.length; start += cells) {
      for (const [threshold, counts] of this.#counts) {
        const own = this.#peaks(reference, start, threshold)
        const theirs = this.#peaks(other, start, threshold)
        counts.reference += own.size
        counts.other += theirs.size
        counts.found += [...own].filter((cell) => this.#isNear(cell, theirs)).length
        counts.right += [...theirs].filter((cell) => this.#isNear(cell, own)).length
      }
    }
  }

  result(): Kept {
    const measure = 'F1 of peaks'
    const chosen =
      this.#counts.find(([, {reference}]) => reference >= ENOUGH) ??
      this.#counts.findLast(([, {reference}]) => reference > 0)
    if (!chosen) return {measure, value: null, reason: 'it has no peak', details: {}}
    const [threshold, {reference, other, found, right}] = chosen
    return {measure, value: (found + right) / (reference + other), details: {threshold, peaks: reference}}
  }

  #peaks(values: Numbers, start: number, threshold: number): Set<number> {
    const peaks = new Set<number>()
    for (let cell = 0; cell < this.plane.height * this.plane.width; cell++) {
      if ((values[start + cell] as number) > threshold) peaks.add(cell)
    }
    return peaks
  }

  #isNear(cell: number, peaks: ReadonlySet<number>): boolean {
    const {width} = this.plane
    const column = cell % width
    return [-1, 0, 1].some((down) =>
      [-1, 0, 1].some(
        (right) => column + right >= 0 && column + right < width && peaks.has(cell + down * width + right),
      ),
    )
  }
}
