import type {Fidelity} from '../results.js'
import {task} from '../runtime/child/task.js'
import {type CompareOptions, compareOutputs} from '../runtime/compare/compare-outputs.js'
import type {OutputsComparison} from '../runtime/compare/compare-task.js'
import type {SessionSettings} from '../runtime/session/session-settings.js'
import {fidelityOf} from './fidelity-of.js'
import type {ObservedKind, ObserveInput} from './observe-outputs-task.js'
import {readOutputFacts} from './output-facts.js'
import {requireKnownOutputs, type WantedKinds} from './wanted-kinds.js'

export interface JudgeOutputsOptions extends Omit<CompareOptions, 'batchAxes' | 'observer'> {
  /** What the user says of outputs. */
  readonly wanted: WantedKinds
  readonly against: Fidelity['against']
}

export interface JudgedOutputs {
  readonly compared: OutputsComparison
  readonly fidelity: Fidelity
}

/** What a comparison is to be told so that its outputs can be judged. */
export interface Judging extends Pick<CompareOptions, 'batchAxes' | 'observer'> {
  /** Outputs whose shapes depend on their values: two models may give different ones. */
  readonly freelyShaped: readonly string[]
  /** Outputs in which the smallest rounding may move a peak from cell to cell. */
  readonly unsteady: readonly string[]
}

const OBSERVE = task<typeof import('./observe-outputs-task.js').observe>('judge/observe-outputs-task', 'observe')

/**
 * Feeds two models the same samples in one child process and judges every output of the reference by what it means.
 *
 * @throws UsageError for an output named that the model does not have; ModelError when the other model lacks an output; and as
 *   `evaluate`.
 */
export async function judgeOutputs(
  referencePath: string,
  candidatePath: string,
  settings: SessionSettings,
  options: JudgeOutputsOptions,
): Promise<JudgedOutputs> {
  const {wanted, against, ...compareOptions} = options
  const {freelyShaped: _, unsteady: __, ...judging} = await judgingOf(referencePath, wanted)
  const compared = await compareOutputs(referencePath, candidatePath, settings, {...compareOptions, ...judging})
  return {compared, fidelity: fidelityIn(compared, against)}
}

/** Reads the reference for what its outputs are. @throws UsageError for an output named that it does not have. */
export async function judgingOf(referencePath: string, wanted: WantedKinds): Promise<Judging> {
  const facts = await readOutputFacts(referencePath)
  requireKnownOutputs(
    wanted,
    facts.outputs.map(({name}) => name),
  )
  const input: ObserveInput = {facts, wanted}
  const freelyShaped = facts.outputs.flatMap(({name, isFreelyShaped}) => (isFreelyShaped ? [name] : []))
  const unsteady = facts.outputs.flatMap(({name, tail}) => (tail === 'peaks' ? [name] : []))
  return {batchAxes: facts.axes, observer: {task: OBSERVE, input}, freelyShaped, unsteady}
}

/** What a comparison that was told so comes to. */
export function fidelityIn(compared: OutputsComparison, against: Fidelity['against']): Fidelity {
  return fidelityOf(compared, (compared.observed ?? []) as readonly ObservedKind[], against)
}
