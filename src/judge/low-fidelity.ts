import type {Fidelity, OutputFidelity, OutputKind, Warning} from '../results.js'
import {LOOSE_FLOOR} from './floors.js'

/** On made-up inputs nothing tells what an error is worth; noise of a tenth of the signal is much. */
const LEAST_DB = 20
/** Where only the largest numbers count, most of the signal may be in those that do not: logits of −800 beside one of 3. */
const LEAST_DB_OF_PLACES = 10
const PLACES: ReadonlySet<OutputKind | null> = new Set(['scores', 'mask', 'boxes'])
/** Among thousands of words the first and the second are close: 26 dB changed 6 % of them, 42 dB 1 %. */
const LEAST_DB_OF_TOKENS = 35

function leastDb({kind}: OutputFidelity): number {
  if (kind === 'tokens') return LEAST_DB_OF_TOKENS
  return PLACES.has(kind) ? LEAST_DB_OF_PLACES : LEAST_DB
}

/** Outputs named in one warning. */
const MOST_NAMED = 3

/**
 * What is to be said of outputs that lost more than their kind allows, and of those that could not be judged.
 *
 * @param remedy the one next thing to try.
 */
export function lowFidelity(fidelity: Fidelity, remedy: string): Warning[] {
  const {outputs, inputs, samples} = fidelity
  const low = outputs.filter((output) => isLow(output, inputs, samples))
  const warnings: Warning[] = []
  if (low.length > 0) {
    const named = low.slice(0, MOST_NAMED).map((output) => lossText(output, inputs, samples))
    const more = low.length > MOST_NAMED ? `, and ${low.length - MOST_NAMED} more outputs` : ''
    warnings.push({code: 'LOW_FIDELITY', message: `${named.join('; ')}${more}`, hint: remedy})
  }
  const others = outputs.filter((output) => !low.includes(output))
  const unjudged = inputs === 'data' ? unjudgedOn(others) : unjudgedWithout(others)
  if (unjudged) warnings.push(unjudged)
  const unseen = outputs.filter(({kind}) => kind === null)
  if (unseen.length > 0) {
    const reasons = unseen.slice(0, MOST_NAMED).map(({name, reason}) => `output '${name}': ${reason}`)
    warnings.push({code: 'NOT_COMPARED', message: reasons.join('; ')})
  }
  return warnings
}

/** On samples: what they have nothing to say about, and what is only held to be numbers. */
function unjudgedOn(outputs: readonly OutputFidelity[]): Warning | undefined {
  const silent = outputs.filter(({value, kind, maxAbs}) => value === null && kind !== null && maxAbs !== 0)
  const guessed = outputs.filter((output) => isGuessed(output) && isNoisy(output))
  const reasons = [
    ...silent.map(({name, reason}) => `output '${name}' was not judged: ${reason}`),
    ...guessed.map(({name, value, measure}) => {
      return `output '${name}' was judged as plain numbers (${percent(value ?? 0)} ${measure}), since nothing says what it is`
    }),
  ]
  if (reasons.length === 0) return undefined
  const hint =
    silent.length > 0
      ? 'give samples on which it has something to say, or name its kind with --output-kind'
      : `name its kind, such as --output-kind ${guessed[0]?.name}=mask`
  return {code: 'NOT_JUDGED', message: reasons.slice(0, MOST_NAMED).join('; '), hint}
}

/** Without: decisions that noise may have changed. */
function unjudgedWithout(outputs: readonly OutputFidelity[]): Warning | undefined {
  const noisy = outputs.filter((output) => output.kind !== null && (output.value === null || isGuessed(output)))
  const reasons = noisy.filter(isNoisy).map(({name, kind, sqnrDb}) => {
    return `output '${name}' (${kind}) was not judged: the inputs were made up, and noise of ${sqnrDb?.toFixed(1)} dB may change its answers`
  })
  if (reasons.length === 0) return undefined
  return {code: 'NOT_JUDGED', message: reasons.slice(0, MOST_NAMED).join('; '), hint: 'give samples with --data'}
}

/**
 * Of 129 results with more noise than this 53 had lost over 2 % of their task, of 80 with less one (`npm run test:benchmarks -- trust`): a
 * detector whose boxes, hundreds of times as large, drown its scores in the same output.
 */
const NOISY_DB = 40
const NOISY_DB_OF_DETECTIONS = 60

function isNoisy({sqnrDb, maxAbs, kind}: OutputFidelity): boolean {
  const least = kind === 'detections' ? NOISY_DB_OF_DETECTIONS : NOISY_DB
  return maxAbs !== 0 && sqnrDb !== null && sqnrDb < least
}

/** Numbers that only the loose floor is for. */
function isGuessed({kind, floor}: OutputFidelity): boolean {
  return kind === 'regression' && floor === LOOSE_FLOOR
}

/** Whether an output lost more than its kind allows, as far as that can be told. */
export function isLow(output: OutputFidelity, inputs: Fidelity['inputs'], samples: number): boolean {
  const {value, floor, kind, maxAbs, cosine, sqnrDb} = output
  if (kind === null || maxAbs === 0) return false
  // only one of the two models computes NaN or infinity
  if (maxAbs === null && cosine === null) return true
  if (value !== null && floor !== null) return value - standardError(output, samples) < floor
  return inputs === 'synthetic' && output.reasonCode !== 'FLAT_OUTPUT' && sqnrDb !== null && sqnrDb < leastDb(output)
}

/** What a share of so many decisions leaves open, √(share · (1 − share) ÷ decisions); 0 of what is no share. */
function standardError(output: OutputFidelity, samples: number): number {
  const {value} = output
  const count = decisionsOf(output, samples)
  return value === null || count === 0 ? 0 : Math.sqrt((value * (1 - value)) / count)
}

/** Neighbouring pixels are no decisions of their own: a picture counts once. */
function decisionsOf({kind, details}: OutputFidelity, samples: number): number {
  const {decisions, lines, found} = details
  if (kind !== null && BY_PICTURE.has(kind)) return found ?? samples
  return decisions ?? lines ?? 0
}

const BY_PICTURE: ReadonlySet<OutputKind> = new Set(['scores', 'places', 'mask', 'detections'])

function lossText(output: OutputFidelity, inputs: Fidelity['inputs'], samples: number): string {
  const {name, kind, measure, value, floor, maxAbs, sqnrDb} = output
  const what = `output '${name}' (${kind})`
  if (value !== null && floor !== null) {
    const share = `${what} keeps ${percent(value)} by ${measure}`
    return value < floor
      ? `${share}, less than ${percent(floor)}`
      : `${share} on ${decisionsOf(output, samples)} decisions, too few to be sure of ${percent(floor)}`
  }
  if (maxAbs === null) return `${what} is NaN or infinite where it should not be, or the other way round`
  const where = inputs === 'synthetic' ? ' on made-up inputs' : ''
  return `${what} differs by noise of ${sqnrDb?.toFixed(1)} dB${where}, more than ${leastDb(output)} dB allow`
}

function percent(share: number): string {
  const text = (100 * share).toFixed(1)
  return `${share < 1 && text === '100.0' ? '99.9' : text} %`
}
