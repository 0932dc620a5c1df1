import type {Fidelity, OutputFidelity, OutputKind, Warning} from '../results.js'
import {LOOSE_FLOOR} from './floors.js'
import {percent} from './percent.js'

/** What was not judged, or not for sure, and what would settle it. */
interface Question {
  readonly text: string
  readonly hint: string
}

type Rule = (output: OutputFidelity, fidelity: Fidelity) => Question | undefined

/** Questions in one warning. */
const MOST_NAMED = 3

/**
 * What is to be said of outputs that lost nothing as far as can be told, where that is not far.
 *
 * @param outputs those that nothing else is said of.
 */
export function leftOpen(outputs: readonly OutputFidelity[], fidelity: Fidelity): Warning | undefined {
  const rules = fidelity.inputs === 'data' ? ON_DATA : WITHOUT_DATA
  const questions = outputs.flatMap((output) => {
    const isOpen = output.kind !== null && output.maxAbs !== 0
    const found = isOpen ? rules.map((rule) => rule(output, fidelity)).find((question) => question) : undefined
    return found ? [found] : []
  })
  const [first] = questions
  if (!first) return undefined
  const message = questions.slice(0, MOST_NAMED).map(({text}) => text)
  return {code: 'NOT_JUDGED', message: message.join('; '), hint: first.hint}
}

function silent({name, value, reason}: OutputFidelity): Question | undefined {
  if (value !== null) return undefined
  const hint = 'give samples on which it has something to say, or name its kind with --output-kind'
  return {text: `output '${name}' was not judged: ${reason}`, hint}
}

/** Scores that hardly ever are a yes were held to be numbers. */
function hardlyYes(output: OutputFidelity): Question | undefined {
  const {name, kind, measure, details} = output
  const {positives} = details
  if (kind !== 'scores' || positives === undefined || !measure?.startsWith('R²') || !isNoisy(output)) return undefined
  const text = `output '${name}' (scores) says yes to ${positives} of the samples: too few to judge its decisions`
  return {text, hint: 'give samples with more of what it looks for'}
}

/** Numbers that only the loose floor is for. */
function guessed(output: OutputFidelity): Question | undefined {
  const {name, value, measure} = output
  if (!isGuessed(output) || !isNoisy(output)) return undefined
  const text = `output '${name}' was judged as plain numbers (${percent(value ?? 0)} ${measure}), since nothing says what it is`
  return {text, hint: `name its kind, such as --output-kind ${name}=mask`}
}

/** Shares of so few decisions that they may be less. */
function fewDecisions(output: OutputFidelity, {samples}: Fidelity): Question | undefined {
  if (!isOfFew(output, samples)) return undefined
  const {name, kind, measure, value, floor} = output
  const share = `output '${name}' (${kind}) keeps ${percent(value ?? 0)} by ${measure}`
  const count = decisionsOf(output, samples)
  return {
    text: `${share} on ${count} decisions, too few to be sure of ${percent(floor ?? 0)}`,
    hint: 'give more samples',
  }
}

/** Whether a share of decisions, on some samples, is one of so few that it may be less than its floor. */
export function isOfFew(output: OutputFidelity, samples: number): boolean {
  const {value, floor} = output
  const count = decisionsOf(output, samples)
  if (value === null || floor === null || count === 0) return false
  return value - Math.sqrt((value * (1 - value)) / count) < floor
}

function madeUp(output: OutputFidelity): Question | undefined {
  const {name, kind, value, details, sqnrDb} = output
  const isUnseen = value === null || isGuessed(output) || (kind === 'embedding' && details.neighbours === undefined)
  if (!isUnseen || !isNoisy(output)) return undefined
  const text = `output '${name}' (${kind}) was not judged: the inputs were made up, and noise of ${sqnrDb?.toFixed(1)} dB may change its answers`
  return {text, hint: 'give samples with --data'}
}

const ON_DATA: readonly Rule[] = [silent, hardlyYes, guessed, fewDecisions]
const WITHOUT_DATA: readonly Rule[] = [madeUp]

/**
 * Of 129 results with more noise than 40 dB 53 had lost over 2 % of their task, of 80 with less one (`npm run test:benchmarks -- trust`): a
 * detector whose boxes, hundreds of times as large, drown its scores in the same output. Single scores around a threshold change sooner than
 * the largest of several: at 43 and 46 dB two wake words had lost 4 and 9 %.
 */
const NOISY_DB = 40
const NOISY_DB_OF: Readonly<Partial<Record<OutputKind, number>>> = {detections: 60, scores: 50}

function isNoisy({sqnrDb, kind}: OutputFidelity): boolean {
  return sqnrDb !== null && sqnrDb < (kind === null ? NOISY_DB : (NOISY_DB_OF[kind] ?? NOISY_DB))
}

function isGuessed({kind, floor}: OutputFidelity): boolean {
  return kind === 'regression' && floor === LOOSE_FLOOR
}

/** Neighbouring pixels are no decisions of their own. */
const PIXELS_OF_A_PICTURE = 10

/** How many decisions a share is of; 0 of what is no share. */
export function decisionsOf({kind, details}: OutputFidelity, samples: number): number {
  const {decisions, lines, found, places, positives = places} = details
  if (kind === 'labels' || kind === 'tokens' || kind === 'lines') return decisions ?? lines ?? 0
  if (found !== undefined) return found
  if (kind !== 'scores' && kind !== 'mask' && kind !== 'places') return 0
  return positives === undefined ? samples : Math.min(positives, PIXELS_OF_A_PICTURE * samples)
}
