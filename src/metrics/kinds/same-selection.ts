import {type Box, boxOf, type Detection, formOf, matches, quadAt} from './boxes.js'
import type {Kept, Numbers} from './kind-measure.js'

/** What non-maximum suppression left, as ONNX gives it: rows of sample, class and place. */
export interface Selection {
  readonly rows: Numbers
  /** Four numbers for each place of each sample, where the model gives them too. */
  readonly boxes?: {readonly values: Numbers; readonly places: number} | undefined
}

interface Row {
  readonly sample: number
  readonly label: number
  readonly place: number
}

/**
 * F1 of what was selected: the same class of the same sample at a box that overlaps by half. The order of rows means little and a
 * neighbouring place is the same object; without boxes the place itself must be the same.
 */
export class SameSelection {
  #reference = 0
  #other = 0
  #both = 0

  add(reference: Selection, other: Selection): void {
    const [own, theirs] = [rowsOf(reference.rows), rowsOf(other.rows)]
    this.#reference += own.length
    this.#other += theirs.length
    for (const sample of new Set(own.map((row) => row.sample))) {
      const [left, right] = [own, theirs].map((rows) => rows.filter((row) => row.sample === sample)) as [Row[], Row[]]
      this.#both += common(left, right, reference, other)
    }
  }

  result(): Kept {
    const measure = 'F1 of what is selected'
    const all = this.#reference + this.#other
    if (all === 0) return {measure, value: null, reason: 'nothing was selected on these samples', details: {}}
    const details = {found: this.#reference, foundNow: this.#other}
    return {measure, value: (2 * this.#both) / all, details}
  }
}

function common(left: readonly Row[], right: readonly Row[], reference: Selection, other: Selection): number {
  const form = reference.boxes && formOf(left.flatMap((row) => quadOf(row, reference) ?? []))
  if (form === undefined) {
    const places = new Set(right.map(({label, place}) => `${label} ${place}`))
    return left.filter(({label, place}) => places.has(`${label} ${place}`)).length
  }
  const found = (rows: readonly Row[], of: Selection): Detection[] =>
    rows.flatMap((row) => {
      const [quad] = quadOf(row, of) ?? []
      const box: Box | undefined = quad && boxOf(quad, form)
      return box ? [{box, label: row.label, score: 1}] : []
    })
  return matches(found(left, reference), found(right, other))
}

/** As a list of one, to be flattened. */
function quadOf({sample, place}: Row, {boxes}: Selection): [readonly number[]] | undefined {
  return boxes && [quadAt(boxes.values, 4 * (sample * boxes.places + place))]
}

function rowsOf(rows: Numbers): Row[] {
  return Array.from({length: Math.floor(rows.length / 3)}, (_, index) => {
    const [sample = 0, label = 0, place = 0] = rows.subarray(3 * index, 3 * index + 3)
    return {sample, label, place}
  })
}
