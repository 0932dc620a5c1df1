import {UsageError} from '../errors.js'
import type {OutputKind} from '../results.js'

/** What the user says of an output: `NAME=KIND`, or `NAME=KIND@0.3` with the score from which it is a yes. */
export interface WantedKind {
  readonly kind: OutputKind
  readonly threshold?: number | undefined
}

/** By the output's name. */
export type WantedKinds = Readonly<Record<string, WantedKind>>

/** @throws UsageError for an output that the model does not have. */
export function requireKnownOutputs(wanted: WantedKinds, outputs: readonly string[]): void {
  const unknown = Object.keys(wanted).find((name) => !outputs.includes(name))
  if (unknown === undefined) return
  throw new UsageError(`--output-kind ${unknown}: the model has no such output`, {
    hint: `Its outputs: ${outputs.join(', ')}`,
  })
}
