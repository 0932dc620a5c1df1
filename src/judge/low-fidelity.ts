import type {Fidelity, OutputFidelity, OutputKind, Warning} from '../results.js'

/** On made-up inputs nothing tells what an error is worth; noise of a tenth of the signal is much. */
const LEAST_DB = 20
/** Where only the largest numbers count, most of the signal may be in those that do not: logits of −800 beside one of 3. */
const LEAST_DB_OF_PLACES = 10
const PLACES: ReadonlySet<OutputKind | null> = new Set(['scores', 'mask', 'boxes'])

function leastDb({kind}: OutputFidelity): number {
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
  const silent = outputs.filter(({value, kind, maxAbs}) => value === null && kind !== null && maxAbs !== 0)
  if (inputs === 'data' && silent.length > 0) {
    const reasons = silent.slice(0, MOST_NAMED).map(({name, reason}) => `output '${name}' was not judged: ${reason}`)
    const hint = 'give samples on which it has something to say, or name its kind with --output-kind'
    warnings.push({code: 'NOT_JUDGED', message: reasons.join('; '), hint})
  }
  const unseen = outputs.filter(({kind}) => kind === null)
  if (unseen.length > 0) {
    const reasons = unseen.slice(0, MOST_NAMED).map(({name, reason}) => `output '${name}': ${reason}`)
    warnings.push({code: 'NOT_COMPARED', message: reasons.join('; ')})
  }
  return warnings
}

/** Whether an output lost more than its kind allows, as far as that can be told. */
export function isLow(output: OutputFidelity, inputs: Fidelity['inputs']): boolean {
  const {value, floor, kind, maxAbs, cosine, sqnrDb} = output
  if (kind === null || maxAbs === 0) return false
  // only one of the two models computes NaN or infinity
  if (maxAbs === null && cosine === null) return true
  if (value !== null && floor !== null) return value < floor
  const isFlat = output.reason !== null && /^made-up inputs leave/.test(output.reason)
  return inputs === 'synthetic' && !isFlat && sqnrDb !== null && sqnrDb < leastDb(output)
}

function lossText(output: OutputFidelity, inputs: Fidelity['inputs']): string {
  const {name, kind, measure, value, floor, maxAbs, sqnrDb} = output
  const what = `output '${name}' (${kind})`
  if (value !== null && floor !== null)
    return `${what} keeps ${percent(value)} by ${measure}, less than ${percent(floor)}`
  if (maxAbs === null) return `${what} is NaN or infinite where it should not be, or the other way round`
  const where = inputs === 'synthetic' ? ' on made-up inputs' : ''
  return `${what} differs by noise of ${sqnrDb?.toFixed(1)} dB${where}, more than ${leastDb(output)} dB allow`
}

function percent(share: number): string {
  const text = (100 * share).toFixed(1)
  return `${share < 1 && text === '100.0' ? '99.9' : text} %`
}
