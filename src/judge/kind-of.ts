import {elementCount} from '../ir/tensor.js'
import type {OutputKind} from '../results.js'
import type {OutputFacts} from './output-facts.js'
import {PROBABILITIES} from './output-tail.js'

/** An output of a run, with what the graph says of it. Numbers are the reference's, of the first batch. */
export interface SeenOutput {
  readonly facts: OutputFacts
  readonly dtype: string
  readonly dims: readonly number[]
  /** The axis that counts samples, if one is known to. */
  readonly axis: number | undefined
  readonly values: ArrayLike<number>
}

/** What else the model is fed and gives. */
export interface Surroundings {
  readonly outputs: readonly SeenOutput[]
  readonly vocabularies: readonly number[]
  /** Shapes of the inputs that hold ids. */
  readonly ids: readonly (readonly number[])[]
  /** Shapes of all inputs by name. */
  readonly inputs: ReadonlyMap<string, readonly number[]>
}

export interface RecognizedKind {
  readonly kind: OutputKind
  readonly because: string
  /** Nothing spoke for it: it is what is left. */
  readonly isGuess?: boolean | undefined
}

const NAMES = {
  state: /^(present|past|state|new_?state|h_?n|c_?n|hidden_?(out|n)|cell_?(out|n)|memory|cache)|_(hn|cn)$|^state/i,
  embedding: /embed|feature|pooler|hidden_state|sentence|repr|vector|latent|encod|descriptor/i,
  scores: /logit|prob|score|class|softmax|label|cls|conf|pred|obj/i,
  boxes: /box|bbox|(^|_)loc(s|_|$|ation)|regress|rect|(^|_)reg(_|$)/i,
  mask: /mask|seg|alpha|matte|salien|prob/i,
  numbers: /age|angle|pose|landmark|kps|keypoint|depth|dispar|flow|price|gaze|yaw|pitch|roll|coord|point/i,
} as const

/** Fewer classes than this are no alphabet. */
const LEAST_ALPHABET = 11
/** A vocabulary that no table of the model tells of. */
const LARGE_VOCABULARY = 1000
/** Vectors shorter than this are scores, if nothing says otherwise. */
const LEAST_VECTOR = 64

/**
 * What an output means, from its type, the activation behind it, its shape, its neighbours and its name, in this order; each rule stands
 * on its own, the first that holds decides.
 */
export function kindOf(output: SeenOutput, around: Surroundings): RecognizedKind {
  for (const rule of RULES) {
    const found = rule(view(output, around))
    if (found) return {kind: found[0], because: found[1]}
  }
  return {kind: 'regression', because: 'nothing says that it is anything but numbers', isGuess: true}
}

/** An output and what the rules ask of it. */
interface View extends SeenOutput {
  readonly around: Surroundings
  readonly name: string
  /** Sizes of one sample. */
  readonly inner: readonly number[]
  readonly isProbability: boolean
}

type Rule = (output: View) => readonly [OutputKind, string] | undefined

function view(output: SeenOutput, around: Surroundings): View {
  const {dims, axis, facts} = output
  const isProbability = PROBABILITIES.has(facts.tail)
  const inner = axis === undefined ? dims : dims.filter((_, index) => index !== axis)
  return {...output, around, name: facts.name, inner, isProbability}
}

/** The first that holds decides. */
const RULES: readonly Rule[] = [
  ofType,
  ofState,
  ofCombinedDetector,
  ofBoxes,
  ofOneScore,
  ofTokens,
  ofLines,
  ofVector,
  ofPlaces,
  ofPlane,
  ofPlanes,
]

function ofType({dtype}: View): ReturnType<Rule> {
  if (dtype === 'string') return ['strings', 'its elements are strings']
  if (/^(u?int|bool)/.test(dtype)) return ['integers', `its elements are ${dtype}`]
  return undefined
}

function ofState({facts, name, dims, around}: View): ReturnType<Rule> {
  if (facts.tail === 'recurrent state') return ['state', 'it is the last state of a recurrent layer']
  const isFedBack = [...around.inputs.values()].some((shape) => shape.length === dims.length && shape.length >= 2)
  return NAMES.state.test(name) && isFedBack ? ['state', 'its name, and an input like it'] : undefined
}

/** Boxes and scores in one output, put together along the columns. */
function ofCombinedDetector({facts, inner, dims}: View): ReturnType<Rule> {
  const {parts} = facts
  if (!parts || dims.length < 2 || inner.length < 1) return undefined
  const columns = parts.every(({size}) => size !== undefined)
  const isScored = parts.some(({tail}) => PROBABILITIES.has(tail))
  const first = leadingNumbers(parts)
  return columns && isScored && first === 4
    ? ['detections', 'four numbers and probabilities are put together']
    : undefined
}

/** Columns before the first probability. */
function leadingNumbers(parts: NonNullable<OutputFacts['parts']>): number {
  const first = parts.findIndex(({tail}) => PROBABILITIES.has(tail))
  return parts.slice(0, Math.max(0, first)).reduce((sum, {size = 0}) => sum + size, 0)
}

/** Some numbers for each of the places that another output scores. */
function ofBoxes({name, dims, isProbability, around, facts}: View): ReturnType<Rule> {
  const columns = dims.at(-1) ?? 0
  if (isProbability || dims.length < 2 || columns < 2 || NAMES.scores.test(name)) return undefined
  const scorer = around.outputs.find((other) => other.facts.name !== facts.name && scoresPlacesOf(other, dims))
  if (!scorer) return undefined
  const isBox = columns === LEAST_NUMBERS || isWide(dims) || NAMES.boxes.test(name) || NAMES.numbers.test(name)
  return isBox ? ['boxes', `${columns} numbers for each place that '${scorer.facts.name}' scores`] : undefined
}

/** Numbers that say where something is: four of a box at least. */
const LEAST_NUMBERS = 4

function isWide(dims: readonly number[]): boolean {
  return (dims.at(-1) ?? 0) >= LEAST_NUMBERS
}

/**
 * Whether an output scores the places that another one has numbers for: the same sizes but for the last, which counts classes, and more
 * than a few places. One number beside four and more is a score whatever its name.
 */
export function scoresPlacesOf({dims, facts, dtype}: SeenOutput, numbers: readonly number[]): boolean {
  if (!/^float|^bfloat|double/.test(dtype)) return false
  const places = numbers.slice(0, -1)
  const own = dims.length === numbers.length ? dims.slice(0, -1) : dims.length === places.length ? dims : undefined
  if (own?.join() !== places.join() || elementCount(places) < 4) return false
  if (PROBABILITIES.has(facts.tail) || NAMES.scores.test(facts.name)) return true
  const isSingle = dims.length === places.length || dims.at(-1) === 1
  return isSingle && isWide(numbers)
}

/** One number for a sample, or for each of many places. */
function ofOneScore(output: View): ReturnType<Rule> {
  const {name, inner, facts, isProbability, around, dims, values} = output
  const size = elementCount(inner)
  const isPlain = inner.length <= 2 && (inner.at(-1) === 1 || inner.length === 0 || size === 1)
  if (!isPlain) return undefined
  const isSound = [...around.inputs.values()].some(
    (shape) => shape.length === dims.length && size > 1 && !isProbability,
  )
  if (isProbability) return ['scores', `one number each, behind a ${facts.tail}`]
  if (NAMES.scores.test(name) && !isSound) return ['scores', 'one number each, by its name']
  const located = around.outputs.find(
    (other) => other.facts !== facts && isWide(other.dims) && scoresPlacesOf(output, other.dims),
  )
  if (located)
    return ['scores', `one number beside the ${located.dims.at(-1)} of '${located.facts.name}' for each place`]
  if (size >= MANY_PLACES && mostlyNegative(values)) return ['scores', 'one number for each place, nearly all below 0']
  return size === 1 ? ['regression', 'one number, and nothing says that it decides'] : undefined
}

/** Places that a detector looks at. */
const MANY_PLACES = 16

/** Logits of what is seldom there. */
function mostlyNegative(values: ArrayLike<number>): boolean {
  let negative = 0
  for (let index = 0; index < values.length; index++) if ((values[index] as number) < 0) negative++
  return negative >= 0.9 * values.length
}

function ofTokens({name, inner, around}: View): ReturnType<Rule> {
  const classes = inner.at(-1) ?? 0
  if (around.ids.length === 0 || inner.length !== 2) return undefined
  if (around.vocabularies.includes(classes)) return ['tokens', `one of ${classes} words at each place of a text`]
  const isNamed = NAMES.scores.test(name) && classes >= LARGE_VOCABULARY
  return isNamed ? ['tokens', `one of ${classes} classes at each place of a text`] : undefined
}

/** Steps through an alphabet with a blank: single steps that say something, between many that do not. */
function ofLines(output: View): ReturnType<Rule> {
  const {inner, around, dims, facts, name} = output
  const classes = inner.at(-1) ?? 0
  if (inner.length !== 2 || around.ids.length > 0 || classes < LEAST_ALPHABET || facts.tail === 'sigmoid')
    return undefined
  if (facts.tail === 'probability' || NAMES.embedding.test(name) || (inner[0] ?? 0) < 4) return undefined
  if (around.outputs.some((other) => other !== output && other.facts.name !== name && scoresPlacesOf(other, dims)))
    return undefined
  if (facts.tail !== 'softmax' && !NAMES.scores.test(name) && !/ctc|text/i.test(name)) return undefined
  return hasBlanks(output.values, classes)
    ? ['lines', `one of ${classes} classes at each step, most steps blank or repeated`]
    : undefined
}

/** Whether the first or the last class, the blank, is the surest often enough, and the others seldom stay. */
function hasBlanks(values: ArrayLike<number>, classes: number): boolean {
  const steps = Math.floor(values.length / classes)
  let [first, last, runs, others] = [0, 0, 0, 0]
  let before = -1
  for (let step = 0; step < steps; step++) {
    let best = 0
    for (let label = 1; label < classes; label++) {
      if ((values[step * classes + label] as number) > (values[step * classes + best] as number)) best = label
    }
    if (best === 0) first++
    if (best === classes - 1) last++
    if (best !== 0 && best !== classes - 1) {
      others++
      if (best !== before) runs++
    }
    before = best
  }
  return Math.max(first, last) >= 0.2 * steps && (others === 0 || others / runs <= 4)
}

/** A row of numbers for a sample, or one for each of its places. */
function ofVector({name, inner, facts, isProbability}: View): ReturnType<Rule> {
  const length = inner.at(-1) ?? 0
  const isRow = inner.length === 1
  if (!isRow && !(inner.length >= 2 && inner.slice(0, -1).every((size) => size === 1))) {
    const isNamed = inner.length === 2 && NAMES.embedding.test(name) && !isProbability
    return isNamed ? ['embedding', 'a vector for each place, by its name'] : undefined
  }
  if (facts.tail === 'sigmoid' || facts.tail === 'peaks') return ['scores', 'each number stands behind a sigmoid']
  if (isProbability) return ['labels', `scores of ${length} classes, behind a ${facts.tail}`]
  if (facts.tail === 'unit length') return ['embedding', 'its rows have length 1']
  if (NAMES.embedding.test(name)) return ['embedding', 'its name']
  if (NAMES.scores.test(name)) return ['labels', `scores of ${length} classes, by its name`]
  if (NAMES.numbers.test(name) || NAMES.boxes.test(name)) return ['regression', 'its name']
  if (['normalized', 'pooled', 'bounded'].includes(facts.tail) && length >= 8) {
    return ['embedding', `a vector that is ${facts.tail}`]
  }
  if (length >= LEAST_VECTOR && length % 32 === 0)
    return ['embedding', `a vector of ${length}, which is no number of classes`]
  return isRow ? ['labels', `scores of ${length} classes`] : undefined
}

/** One of several classes at each place. */
function ofPlaces({name, inner, facts, isProbability, around}: View): ReturnType<Rule> {
  if (inner.length !== 2) return undefined
  const classes = inner.at(-1) ?? 0
  if (facts.tail === 'softmax' || facts.tail === 'probability')
    return ['places', `one of ${classes} classes at each place`]
  if (facts.tail === 'sigmoid') return ['scores', 'each number stands behind a sigmoid']
  if (NAMES.scores.test(name)) return ['places', `scores of ${classes} classes at each place, by its name`]
  if (around.ids.length > 0 && !isProbability && facts.tail === 'normalized')
    return ['embedding', 'a vector for each place of a text']
  return undefined
}

/** A picture of one number per pixel. */
function ofPlane({name, inner, isProbability, facts}: View): ReturnType<Rule> {
  if (inner.length !== 3 || (inner[0] !== 1 && inner[2] !== 1)) return undefined
  if (facts.tail === 'peaks') return ['scores', 'peaks of probabilities']
  if (isProbability) return ['mask', 'one probability for each pixel']
  return NAMES.mask.test(name) || NAMES.scores.test(name)
    ? ['mask', 'one number for each pixel, by its name']
    : undefined
}

function ofPlanes(output: View): ReturnType<Rule> {
  const {name, inner, facts, dims, around, isProbability} = output
  if (inner.length < 3) return undefined
  if (facts.tail === 'softmax') return ['places', 'one of several classes for each pixel']
  if (facts.tail === 'peaks') return ['scores', 'peaks of probabilities']
  const located = around.outputs.find((other) => other.dims !== dims && scoresPlacesOf(output, other.dims))
  if (located && isProbability) return ['places', `classes for each place that '${located.facts.name}' has numbers for`]
  if (isProbability) return ['mask', 'probabilities for each pixel']
  const isNamed = NAMES.mask.test(name) || NAMES.scores.test(name)
  if (isNamed) return ['places', 'scores of several classes for each pixel, by its name']
  const [classes = 0, ...sides] = inner
  // other maps as large as the input may hold anything
  const isOfImage =
    facts.isEnlarged &&
    [...around.inputs.values()].some((shape) => {
      return shape.length === dims.length && shape.slice(-2).join() === sides.join() && shape.at(-3) !== classes
    })
  const isPicture = classes === 1 || classes === 3 || classes === 4
  return isOfImage && !isPicture ? ['places', `scores of ${classes} classes for each pixel of the input`] : undefined
}
