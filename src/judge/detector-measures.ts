import type {Kept, KindMeasure} from '../metrics/kinds/kind-measure.js'
import {type Places, SameDetections} from '../metrics/kinds/same-detections.js'
import {SameNumbers} from '../metrics/kinds/same-numbers.js'
import {SameSelection, type Selection} from '../metrics/kinds/same-selection.js'
import {SameValues} from '../metrics/kinds/same-values.js'
import type {OutputKind} from '../results.js'
import type {ObservedOutput} from '../runtime/compare/output-observer.js'
import {type SeenOutput, scoresPlacesOf} from './kind-of.js'
import {PROBABILITIES} from './output-tail.js'
import type {WantedKinds} from './wanted-kinds.js'

/** A detector's outputs that belong together: scores of places, and numbers for each of them. */
interface Detector {
  readonly scores: string
  readonly numbers: readonly string[]
  /** What is found, where the numbers of one output are boxes. */
  readonly found: SameDetections | undefined
  readonly boxes: string | undefined
  readonly areLogits: boolean
  /** By output: the numbers, or the integers, where something is found. */
  readonly errors: ReadonlyMap<string, KindMeasure>
}

/** Boxes and scores in one output. */
interface Combined {
  readonly name: string
  readonly found: SameDetections
  readonly columns: number
  readonly isLast: boolean
}

/** What the graph itself selected among boxes. */
interface Selector {
  readonly name: string
  readonly boxes: string | undefined
  readonly selected: SameSelection
}

/** Scores and boxes of detectors, judged together: by what is found, and by the numbers of what is found. */
export class DetectorMeasures {
  readonly #detectors: readonly Detector[]
  readonly #combined: readonly Combined[]
  readonly #selectors: readonly Selector[]

  constructor(outputs: readonly SeenOutput[], kinds: ReadonlyMap<string, OutputKind>, wanted: WantedKinds) {
    const boxes = outputs.filter(({facts}) => kinds.get(facts.name) === 'boxes')
    const scorers = outputs.filter(({facts}) => {
      const kind = kinds.get(facts.name)
      return kind === 'scores' || kind === 'places' || kind === 'labels' || kind === 'lines'
    })
    this.#detectors = scorers.flatMap((scorer) => {
      const own = boxes.filter(({dims}) => scoresPlacesOf(scorer, dims))
      const labels = outputs.filter(({facts, dims}) => {
        return kinds.get(facts.name) === 'integers' && dims.join() === placesOf(scorer, own[0]).join()
      })
      return own.length > 0 ? [detectorOf(scorer, own, labels, wanted[scorer.facts.name]?.threshold)] : []
    })
    this.#combined = outputs.flatMap((output) => {
      return kinds.get(output.facts.name) === 'detections' ? [combinedOf(output, wanted)] : []
    })
    const selectable = boxes.find(({dims}) => dims.length === 3 && dims[2] === 4)?.facts.name
    this.#selectors = outputs.flatMap(({facts, dims}) => {
      const isSelection = facts.tail === 'selection' && dims.length === 2 && dims[1] === 3
      return isSelection ? [{name: facts.name, boxes: selectable, selected: new SameSelection()}] : []
    })
  }

  /** @param samples in the batch. */
  add(outputs: readonly ObservedOutput[], samples: number): void {
    const named = new Map(outputs.map((output) => [output.name, output]))
    for (const detector of this.#detectors) addDetector(detector, named, samples)
    for (const combined of this.#combined) {
      const output = named.get(combined.name)
      if (output && output.dims.join() === output.otherDims.join()) addCombined(combined, output)
    }
    for (const selector of this.#selectors) addSelected(selector, named)
  }

  /** What is kept of an output that belongs to a detector; undefined when it is to be judged alone. */
  keptOf(name: string): Kept | undefined {
    const combined = this.#combined.find((one) => one.name === name)
    if (combined)
      return combined.found.found() ?? {measure: 'F1 of what is found', value: null, reason: NOTHING, details: {}}
    const selector = this.#selectors.find((one) => one.name === name)
    if (selector) return selector.selected.result()
    for (const {scores, boxes, found, errors} of this.#detectors) {
      if (name === scores && found?.found()) return found.found()
      if (name === boxes && found?.boxes()) return found.boxes()
      const own = errors.get(name)?.result()
      if (own)
        return own.value === null ? {...own, reason: NOTHING} : {...own, measure: `${own.measure} of what is found`}
    }
    return undefined
  }
}

const NOTHING = 'nothing was found on these samples'

/** Sizes of a scorer but for its classes. */
function placesOf({dims}: SeenOutput, numbers: SeenOutput | undefined): readonly number[] {
  return dims.length === numbers?.dims.length ? dims.slice(0, -1) : dims
}

function detectorOf(
  scorer: SeenOutput,
  numbers: readonly SeenOutput[],
  labels: readonly SeenOutput[],
  threshold: number | undefined,
): Detector {
  const boxes = numbers.find(({dims}) => dims.at(-1) === 4)?.facts.name
  const areLogits = !isProbability(scorer)
  const options = {areLogits, background: backgroundOf(scorer), threshold}
  return {
    scores: scorer.facts.name,
    numbers: numbers.map(({facts}) => facts.name),
    boxes,
    areLogits,
    found: boxes === undefined ? undefined : new SameDetections(options),
    errors: new Map<string, KindMeasure>([
      ...numbers.map(({facts}) => [facts.name, new SameNumbers()] as const),
      ...labels.map(({facts}) => [facts.name, new SameValues()] as const),
    ]),
  }
}

function isProbability({facts, values}: SeenOutput): boolean {
  if (PROBABILITIES.has(facts.tail)) return true
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    if (value < 0 || value > 1) return false
  }
  return true
}

/** The class that wins most places, among classes that exclude each other: it stands for nothing. */
function backgroundOf({facts, dims, values}: SeenOutput): number | undefined {
  const classes = dims.at(-1) ?? 1
  if (facts.tail !== 'softmax' || classes < 2) return undefined
  const wins = new Uint32Array(classes)
  for (let start = 0; start < values.length; start += classes) {
    let best = 0
    for (let label = 1; label < classes; label++) {
      if ((values[start + label] as number) > (values[start + best] as number)) best = label
    }
    wins[best] = (wins[best] as number) + 1
  }
  return wins.indexOf(wins.reduce((most, count) => Math.max(most, count), 0))
}

function addDetector(
  {scores, numbers, boxes, found, areLogits, errors}: Detector,
  named: Map<string, ObservedOutput>,
  samples: number,
): void {
  const scorer = named.get(scores)
  if (!scorer || scorer.dims.join() !== scorer.otherDims.join()) return
  const classes = classesOf(scorer, named.get(numbers[0] ?? ''))
  const places = scorer.reference.length / classes
  const box = boxes === undefined ? undefined : named.get(boxes)
  if (found && box && box.reference.length === 4 * places) {
    const side = (of: 'reference' | 'other'): Places => ({
      ...{scores: scorer[of], classes, boxes: box[of]},
      scoreAt: (_, place) => ({start: place * classes, step: 1}),
      boxAt: (_, place) => ({start: place * 4, step: 1}),
    })
    addSamples(found, side, places % samples === 0 ? samples : 1, places)
  }
  const isFound = (place: number) => {
    for (let label = 0; label < classes; label++) {
      if ((scorer.reference[place * classes + label] as number) > (areLogits ? 0 : 0.5)) return true
    }
    return false
  }
  const hits = Array.from({length: places}, (_, place) => place).filter(isFound)
  for (const [name, measure] of errors) {
    const output = named.get(name)
    if (output && output.reference.length === output.other.length) addHits(measure, output, hits, places)
  }
}

/** Samples are suppressed one by one: places of different pictures do not overlap. */
function addSamples(
  found: SameDetections,
  side: (of: 'reference' | 'other') => Places,
  samples: number,
  places: number,
): void {
  const each = places / samples
  const shifted = (of: 'reference' | 'other'): Places => {
    const {scoreAt, boxAt, ...rest} = side(of)
    return {
      ...rest,
      scoreAt: (sample, place) => scoreAt(sample, sample * each + place),
      boxAt: (sample, place) => boxAt(sample, sample * each + place),
    }
  }
  found.add(shifted('reference'), shifted('other'), {samples, places: each})
}

/** Scores with an axis of classes have one more than the boxes' places. */
function classesOf(scorer: ObservedOutput, numbers: ObservedOutput | undefined): number {
  return numbers && numbers.dims.length === scorer.dims.length ? (scorer.dims.at(-1) ?? 1) : 1
}

function addHits(measure: KindMeasure, output: ObservedOutput, hits: readonly number[], places: number): void {
  const columns = output.reference.length / places
  const rows = (values: ObservedOutput['reference']) => {
    const kept = new Float64Array(hits.length * columns)
    hits.forEach((place, row) => {
      kept.set(values.subarray(place * columns, (place + 1) * columns), row * columns)
    })
    return kept
  }
  if (hits.length > 0)
    measure.add({reference: rows(output.reference), other: rows(output.other), dims: [hits.length, columns]})
}

function addSelected({name, boxes, selected}: Selector, named: ReadonlyMap<string, ObservedOutput>): void {
  const output = named.get(name)
  if (!output) return
  const box = boxes === undefined ? undefined : named.get(boxes)
  const side = (of: 'reference' | 'other'): Selection => {
    return {rows: output[of], boxes: box && {values: box[of], places: box.dims[1] ?? 0}}
  }
  selected.add(side('reference'), side('other'))
}

function combinedOf({facts, dims, axis}: SeenOutput, wanted: WantedKinds): Combined {
  const columns = facts.parts?.reduce((sum, {size = 0}) => sum + size, 0) ?? dims.at(-1) ?? 0
  const isLast = dims.at(-1) === columns || (dims.length < 3 && axis !== undefined)
  const found = new SameDetections({areLogits: false, threshold: wanted[facts.name]?.threshold})
  return {name: facts.name, found, columns: isLast ? (dims.at(-1) ?? columns) : columns, isLast}
}

function addCombined({found, columns, isLast}: Combined, {reference, other, dims}: ObservedOutput): void {
  const samples = dims.length >= 3 ? (dims[0] as number) : 1
  const places = reference.length / (samples * columns)
  const at = (column: number) => (sample: number, place: number) => {
    const start = isLast ? (sample * places + place) * columns + column : (sample * columns + column) * places + place
    return {start, step: isLast ? 1 : places}
  }
  const side = (values: ObservedOutput['reference']): Places => {
    return {scores: values, boxes: values, classes: columns - 4, scoreAt: at(4), boxAt: at(0)}
  }
  found.add(side(reference), side(other), {samples, places})
}
