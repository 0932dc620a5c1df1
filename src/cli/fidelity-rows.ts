import type {Fidelity, OutputFidelity} from '../results.js'
import {formatPercent} from './format.js'

/** Outputs shown without --verbose, the worst first. */
const MOST_ROWS = 6

/** What became of each output, the worst first: what it keeps by its kind, and how far its numbers are off. */
export function fidelityRows(fidelity: Fidelity, verbose: boolean): string[][] {
  const {outputs, worst} = fidelity
  const inOrder = [...outputs].sort((a, b) => Number(b.name === worst) - Number(a.name === worst))
  const rows = inOrder.map((output) => ['output', outputText(output, fidelity, verbose)])
  if (verbose || rows.length <= MOST_ROWS) return rows
  return [...rows.slice(0, MOST_ROWS), ['', `and ${rows.length - MOST_ROWS} more outputs, see --verbose`]]
}

function outputText(output: OutputFidelity, fidelity: Fidelity, verbose: boolean): string {
  const {name, kind, because, maxAbs} = output
  if (kind === null) return `'${name}' not compared: ${output.reason ?? ''}`
  const what = `'${name}' (${kind}${verbose ? `: ${because}` : ''})`
  const details = verbose
    ? Object.entries(output.details).map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`)
    : []
  const own = [judgementText(output), ...details, maxAbs === 0 ? 'equal' : noiseText(output)]
  return `${what} ${own.join(', ')} (${whereText(fidelity)})`
}

function judgementText({value, measure, reason, reasonCode}: OutputFidelity): string {
  if (value !== null) return `${formatPercent(value)} ${measure}`
  return reason === null || reasonCode === 'MADE_UP_INPUTS' ? 'not judged' : `not judged: ${reason}`
}

function noiseText({maxAbs, cosine, sqnrDb}: OutputFidelity): string {
  if (maxAbs === null) return 'not finite on one side only'
  return [
    `SQNR ${sqnrDb === null ? 'not finite' : `${sqnrDb.toFixed(1)} dB`}`,
    `cosine ${cosine === null ? 'not finite' : cosine.toPrecision(5)}`,
    `max difference ${Number(maxAbs.toPrecision(3))}`,
  ].join(', ')
}

function whereText({inputs, against, samples}: Fidelity): string {
  const beside = against === 'input' ? '' : `, against the ${against}`
  return `${inputs === 'data' ? `on ${samples} samples` : 'synthetic input'}${beside}`
}
