import type {Fidelity, OutputFidelity} from '../results.js'
import {decisionsOf, isOfFew} from './left-open.js'
import {isLow, LEAST_DB_OF_PLACES, PLACES} from './low-fidelity.js'

/** Whether a model keeps the answers of another, and how much it loses of what it may. */
export interface Verdict {
  readonly passed: boolean
  /** What the worst output loses, as a share of what its kind may lose: above 1 it is bad. */
  readonly loss: number
  /** The worst output; null where none was compared. */
  readonly output: OutputFidelity | null
}

/** A tenth of the signal is noise, and no kind of output is known: what counts as all that may be lost. */
const MOST_NOISE = 0.02

/**
 * The worst output decides, by its own kind.
 *
 * @param isSmall whether the samples are a few of more that are judged as well: one decision of theirs may turn, since of 12 lines a
 *   single one is 8 %.
 */
export function verdictOn({outputs, inputs, samples}: Fidelity, isSmall = false): Verdict {
  const isBad = (output: OutputFidelity) =>
    isLow(isSmall ? withGrace(output, samples) : output, inputs) || isDrowned(output, samples)
  const compared = outputs.filter(({kind, sqnrDb, maxAbs}) => kind !== null || sqnrDb !== null || maxAbs !== null)
  const losses = compared.map((output) => ({output, loss: lossOf(output) + (isDrowned(output, samples) ? 1 : 0)}))
  const worst = losses.reduce<(typeof losses)[number] | undefined>(
    (most, one) => (most === undefined || one.loss > most.loss ? one : most),
    undefined,
  )
  return {
    passed: !compared.some(isBad),
    loss: worst?.loss ?? 0,
    output: worst?.output ?? null,
  }
}

/**
 * Few decisions do not outweigh a map that is more noise than a tenth of the signal: on 16 drawings the peaks of a line detector were
 * kept at 3 dB, on others they were not.
 */
function isDrowned(output: OutputFidelity, samples: number): boolean {
  const {kind, sqnrDb, maxAbs, floor} = output
  if (!PLACES.has(kind) || maxAbs === 0 || sqnrDb === null || sqnrDb >= LEAST_DB_OF_PLACES) return false
  const count = decisionsOf(output, samples)
  return isOfFew(output, samples) || (floor !== null && count > 0 && count * (1 - floor) < 1)
}

/** One more decision counts as kept: of samples, or of what was found where that is counted. */
function withGrace(output: OutputFidelity, samples: number): OutputFidelity {
  const {value, details} = output
  return value === null
    ? output
    : {...output, value: Math.min(1, value + 1 / Math.max(1, details.positives ?? samples))}
}

function lossOf({value, floor, maxAbs, sqnrDb}: OutputFidelity): number {
  if (maxAbs === 0) return 0
  if (value !== null && floor !== null) return (1 - value) / (1 - floor)
  if (maxAbs === null) return Number.POSITIVE_INFINITY
  return sqnrDb === null ? 0 : 10 ** (-sqnrDb / 10) / MOST_NOISE
}
