import {runMopt} from '../run-mopt.js'
import type {Witness} from './witness.js'

/** What mopt says of one output. */
export interface JudgedOutput {
  readonly name: string
  readonly kind: string
  readonly [figure: string]: unknown
}

/** What mopt said of a file that it wrote, or why it wrote none. */
export interface Said {
  readonly bytes?: number
  readonly failed?: string
  readonly outputs: readonly JudgedOutput[]
  readonly fidelity: Readonly<Record<string, unknown>>
  readonly warnings: readonly {readonly code: string; readonly message: string}[]
}

/** Types the command as a user would, untimed, and reads its JSON. The program must have been built. */
export async function said(
  {path, data, madeUp = []}: Witness,
  {args, withData}: {readonly args: readonly string[]; readonly withData: boolean},
  output: string,
): Promise<Said> {
  const [verb = '', ...flags] = args
  const samples = withData ? data : madeUp
  const typed = [verb, path, ...flags, ...samples, '--no-time', '--json', '--threads', '1', '-o', output, '--force']
  const {code, stdout, stderr} = await runMopt(typed)
  if (code !== 0) return {failed: `exit ${code}: ${stderr.trim()}`, outputs: [], fidelity: {}, warnings: []}
  const {output: written, fidelity, warnings} = JSON.parse(stdout)
  const {outputs = [], ...figures} = fidelity ?? {}
  return {bytes: written.sizeBytes, outputs, fidelity: figures, warnings}
}

/** A loss of more than this must be said. */
export const KEEPS = 0.98

/** Codes of warnings that say that the task suffers. */
const ALARMS = new Set(['LOW_FIDELITY'])

export type Verdict = 'ok' | 'MISSED' | 'FALSE ALARM'

/** Whether what was said fits what the task lost. */
export function verdictOf(kept: number, {warnings}: Said): Verdict {
  const warned = warnings.some(({code}) => ALARMS.has(code))
  const isLeftOpen = warnings.some(({code}) => code === 'NOT_JUDGED')
  if (kept >= KEEPS) return warned ? 'FALSE ALARM' : 'ok'
  return warned || isLeftOpen ? 'ok' : 'MISSED'
}
