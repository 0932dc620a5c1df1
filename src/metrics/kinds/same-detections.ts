import {type BoxForm, boxOf, type Detection, formOf, iou, matches, quadAt, suppress} from './boxes.js'
import {type Kept, largest, type Numbers, sigmoid} from './kind-measure.js'
import {THRESHOLDS, usual} from './same-positives.js'

/** Places that may hold an object, as a detector gives them: a row of scores and four numbers for each. */
export interface Places {
  readonly scores: Numbers
  /** Classes for each place. */
  readonly classes: number
  readonly boxes: Numbers
  /** Where the scores of a place begin and how far apart they are; the same of the boxes. */
  readonly scoreAt: (sample: number, place: number) => {readonly start: number; readonly step: number}
  readonly boxAt: (sample: number, place: number) => {readonly start: number; readonly step: number}
}

/** How places are laid out in one batch. */
export interface Layout {
  readonly samples: number
  readonly places: number
}

export interface DetectionOptions {
  readonly areLogits: boolean
  /** A class that stands for nothing. */
  readonly background?: number | undefined
  /** As a probability. */
  readonly threshold?: number | undefined
}

interface Counts {
  reference: number
  other: number
  both: number
}

/**
 * What a detector finds, as its users see it: places above the threshold, without those that overlap a surer one (non-maximum
 * suppression), matched with the reference's by class and an overlap of half; F1 of that, at the threshold where it is the least. And of the boxes alone, at the places where
 * the reference found something, the share that overlap by half. Offsets that are no boxes cannot be decoded.
 */
export class SameDetections {
  readonly #found = new Map<number, Counts>()
  #form: BoxForm | undefined
  #isUndecodable = false
  #overlaps = 0
  #half = 0
  #near = 0
  #boxes = 0

  constructor(private readonly options: DetectionOptions) {}

  add(reference: Places, other: Places, layout: Layout): void {
    const thresholds = this.options.threshold === undefined ? THRESHOLDS : [this.options.threshold]
    for (let sample = 0; sample < layout.samples; sample++) {
      for (const threshold of thresholds) {
        const own = this.#candidates(reference, sample, layout.places, threshold)
        this.#recognize(own.map(({quad}) => quad))
        if (!this.#form) continue
        this.#count(threshold, own, this.#candidates(other, sample, layout.places, threshold))
        if (threshold === thresholds[0]) this.#addBoxes(own, other, sample)
      }
    }
  }

  /** Undefined when the boxes cannot be decoded, or nothing was found by the reference. */
  found(): Kept | undefined {
    const tried = usual([...this.#found].filter(([, {reference}]) => reference > 0))
    const results = tried.map(([threshold, {reference, other, both}]) => ({
      value: (2 * both) / (reference + other),
      details: {threshold, found: reference, foundNow: other},
    }))
    const [first] = results.sort((a, b) => a.value - b.value)
    return first && !this.#isUndecodable ? {measure: 'F1 of what is found', ...first} : undefined
  }

  boxes(): Kept | undefined {
    if (this.#boxes === 0 || this.#isUndecodable) return undefined
    return {
      measure: 'boxes that overlap by half',
      value: this.#half / this.#boxes,
      details: {boxes: this.#boxes, iou: this.#overlaps / this.#boxes, threeQuarters: this.#near / this.#boxes},
    }
  }

  #recognize(quads: readonly (readonly number[])[]): void {
    if (quads.length === 0) return
    const form = formOf(quads)
    if (form === undefined) this.#isUndecodable = true
    // the middle of a small box near the origin may look like a corner
    this.#form = form === 'corners' ? (this.#form ?? form) : form
  }

  #count(threshold: number, own: readonly Candidate[], theirs: readonly Candidate[]): void {
    const form = this.#form as BoxForm
    const [left, right] = [own, theirs].map((list) => suppress(list.map((one) => detection(one, form))))
    const counts = this.#found.get(threshold) ?? {reference: 0, other: 0, both: 0}
    counts.reference += left?.length ?? 0
    counts.other += right?.length ?? 0
    counts.both += matches(left ?? [], right ?? [])
    this.#found.set(threshold, counts)
  }

  #addBoxes(own: readonly Candidate[], other: Places, sample: number): void {
    const form = this.#form as BoxForm
    for (const {place, quad} of own) {
      const {start, step} = other.boxAt(sample, place)
      const overlap = iou(boxOf(quad, form), boxOf(quadAt(other.boxes, start, step), form))
      this.#boxes++
      this.#overlaps += overlap
      if (overlap >= 0.5) this.#half++
      if (overlap >= 0.75) this.#near++
    }
  }

  #candidates({scores, classes, boxes, scoreAt, boxAt}: Places, sample: number, places: number, threshold: number) {
    const {areLogits, background} = this.options
    const found: Candidate[] = []
    for (let place = 0; place < places; place++) {
      const at = scoreAt(sample, place)
      const label = largest(scores, at.start, classes, at.step)
      const raw = scores[at.start + label * at.step] ?? Number.NaN
      const score = areLogits ? sigmoid(raw) : raw
      if (label < 0 || label === background || !(score > threshold)) continue
      const box = boxAt(sample, place)
      found.push({place, label, score, quad: quadAt(boxes, box.start, box.step)})
    }
    return found
  }
}

interface Candidate {
  readonly place: number
  readonly label: number
  readonly score: number
  readonly quad: readonly number[]
}

function detection({label, score, quad}: Candidate, form: BoxForm): Detection {
  return {label, score, box: boxOf(quad, form)}
}
