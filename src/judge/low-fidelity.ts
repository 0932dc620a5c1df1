import type {Fidelity, OutputFidelity, OutputKind, Warning} from '../results.js'
import {leftOpen} from './left-open.js'
import {percent} from './percent.js'

/** On made-up inputs nothing tells what an error is worth; noise of a tenth of the signal is much. */
const LEAST_DB = 20
/** Where only the largest numbers count, most of the signal may be in those that do not: logits of −800 beside one of 3. */
export const LEAST_DB_OF_PLACES = 10
export const PLACES: ReadonlySet<OutputKind | null> = new Set(['scores', 'mask', 'boxes'])
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
  const {outputs, inputs} = fidelity
  const low = outputs.filter((output) => isLow(output, inputs))
  const warnings: Warning[] = []
  if (low.length > 0) {
    const named = low.slice(0, MOST_NAMED).map((output) => lossText(output, inputs))
    const more = low.length > MOST_NAMED ? `, and ${low.length - MOST_NAMED} more outputs` : ''
    warnings.push({code: 'LOW_FIDELITY', message: `${named.join('; ')}${more}`, hint: remedy})
  }
  const others = outputs.filter((output) => !low.includes(output))
  const unjudged = leftOpen(others, fidelity)
  if (unjudged) warnings.push(unjudged)
  const unseen = outputs.filter(({kind}) => kind === null)
  if (unseen.length > 0) {
    const reasons = unseen.slice(0, MOST_NAMED).map(({name, reason}) => `output '${name}': ${reason}`)
    warnings.push({code: 'NOT_COMPARED', message: reasons.join('; ')})
  }
  return warnings
}

/** Share of vectors whose nearest neighbour must stay. */
const LEAST_NEIGHBOURS = 0.98

/** Whether an output lost more than its kind allows, as far as that can be told. */
export function isLow(output: OutputFidelity, inputs: Fidelity['inputs']): boolean {
  const {value, floor, kind, maxAbs, cosine, sqnrDb} = output
  if (kind === null || maxAbs === 0) return false
  // only one of the two models computes NaN or infinity
  if (maxAbs === null && cosine === null) return true
  if (value !== null && floor !== null) return value < floor || losesNeighbours(output)
  return inputs === 'synthetic' && output.reasonCode !== 'FLAT_OUTPUT' && sqnrDb !== null && sqnrDb < leastDb(output)
}

/** Vectors can point nearly where they did, and yet be nearer to others. */
function losesNeighbours({details: {neighbours}}: OutputFidelity): boolean {
  return neighbours !== undefined && neighbours < LEAST_NEIGHBOURS
}

function lossText(output: OutputFidelity, inputs: Fidelity['inputs']): string {
  const {name, kind, measure, value, floor, maxAbs, sqnrDb, details} = output
  const what = `output '${name}' (${kind})`
  if (value !== null && floor !== null) {
    if (value < floor) return `${what} keeps ${percent(value)} by ${measure}, less than ${percent(floor)}`
    return `${what} keeps ${percent(details.neighbours ?? 0)} of its nearest neighbours, less than ${percent(LEAST_NEIGHBOURS)}`
  }
  if (maxAbs === null) return `${what} is NaN or infinite where it should not be, or the other way round`
  const where = inputs === 'synthetic' ? ' on made-up inputs' : ''
  return `${what} differs by noise of ${sqnrDb?.toFixed(1)} dB${where}, more than ${leastDb(output)} dB allow`
}
