import {RuntimeRefusedError} from '../../errors.js'
import type {Warning} from '../../results.js'
import {type CompareOptions, compareOutputs} from '../../runtime/compare/compare-outputs.js'
import type {OutputsComparison} from '../../runtime/compare/compare-task.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import {isFarOff, type Spoiling, spoilingLevel, withLevel} from '../../runtime/session/spoiling-level.js'
import {describeDifference, differs, hasOtherShapes} from './describe-difference.js'
import {type Spoiled, spoilingWarning} from './spoiling-warning.js'

type Level = NonNullable<SessionSettings['optimization']>

/** Two files, and what tells whether one stands for the other. */
export interface Pair {
  readonly input: string
  /** The written file, under its temporary name. */
  readonly output: string
  readonly settings: SessionSettings
  readonly options: CompareOptions
  /** Outputs whose shapes depend on their values: rounding may change them. */
  readonly freelyShaped: readonly string[]
  /** Outputs in which rounding may move a peak: what the optimizer does to them is no fault. */
  readonly unsteady: readonly string[]
  /** No output may change beyond the tolerance. */
  readonly isExact: boolean
  /** Values are rounded to integers inside one of them. */
  readonly isQuantized: boolean
}

/** Who is to blame for a difference, when it is not the runtime. */
export interface Culprits {
  /** mopt wrote something wrong. @param optimization at which the outputs show it. @returns what to throw. */
  mopt(what: string, optimization: Level, cause?: unknown): Promise<Error>
  /** The input runs at no level. @returns what to throw. */
  file(refusal: RuntimeRefusedError): Promise<Error>
}

export interface ComparedPair {
  /** At the runtime's default level, or with optimizations off where that level spoils a file. */
  readonly compared: OutputsComparison
  /** How both are to be loaded to be judged. */
  readonly settings: SessionSettings
  /** Whether both run at the default level. */
  readonly isTimeable: boolean
  readonly warnings: readonly Warning[]
}

/**
 * Compares two models at the runtime's default level. Where they differ that must not, one of them does not run, or the outputs are far
 * apart, both run again with graph optimizations off, and the culprit is found: mopt, when they differ then as well; the runtime's
 * optimizer, when they do not; the file, when it does not run either way.
 *
 * @throws what `culprits` say.
 */
export async function compareWithInput(pair: Pair, culprits: Culprits): Promise<ComparedPair> {
  const usual = await attempt(pair, 'all')
  const problem = problemOf(usual, pair)
  if (!(usual instanceof RuntimeRefusedError) && problem === undefined) return doubt(pair, usual, culprits)
  const off = await compareOff(pair, culprits)
  const options = {...sameSource(pair, off), variants: pair.options.variants}
  const input = await spoilingLevel(pair.input, pair.settings, options)
  const output = await spoilingLevel(pair.output, pair.settings, options)
  if (input) return spoiledPair(pair, off, {input, output})
  if (output || usual instanceof RuntimeRefusedError) {
    throw await culprits.mopt(`${problem}. ${ONLY_OPTIMIZED}`, 'all', usual)
  }
  return {...asUsual(pair, usual), warnings: [roundingWarning(problem as string)]}
}

const ONLY_OPTIMIZED =
  "With ONNX Runtime's graph optimizations off the outputs are equal: its optimizer spoils the changed graph and not that of the input"

/** The same outputs at the default level, or what a lossy change made of them: the runtime may have spoiled both, or one. */
async function doubt(pair: Pair, usual: OutputsComparison, culprits: Culprits): Promise<ComparedPair> {
  if (!pair.isExact && !usual.outputs.some(isFarOff)) return asUsual(pair, usual)
  const options = sameSource(pair, usual)
  // what is run in parts is too large to be loaded twice
  const isWhole = pair.options.referenceStages === undefined
  const input = isWhole ? valuesOnly(await spoilingLevel(pair.input, pair.settings, options)) : undefined
  if (pair.isExact && !input) return asUsual(pair, usual)
  const found = valuesOnly(await spoilingLevel(pair.output, pair.settings, options))
  const output = found && (await isNearerWithout(pair, usual)) ? found : undefined
  if (input) return spoiledPair(pair, await compareOff(pair, culprits), {input, output})
  return output ? {...asUsual(pair, usual), warnings: [spoilingWarning({output})]} : asUsual(pair, usual)
}

/** Noise that turning the optimizer off must take away before it is called a fault: fused integer kernels round in other ways. */
const NEARER_DB = 10

/** Whether a written model is much nearer to its input where neither is optimized: else the optimizer only rounds in another way. */
async function isNearerWithout(pair: Pair, usual: OutputsComparison): Promise<boolean> {
  if (!pair.isQuantized) return true
  const off = await attempt(pair, 'disabled')
  if (off instanceof RuntimeRefusedError) return false
  return usual.outputs.some(({name, sqnrDb}) => {
    const without = off.outputs.find((output) => output.name === name)?.sqnrDb
    return sqnrDb !== null && without !== undefined && without !== null && without > sqnrDb + NEARER_DB
  })
}

/** A model that runs at the default level is not refused there: what was refused is its run without optimizations, which proves nothing. */
function valuesOnly(spoiling: Spoiling | undefined): Spoiling | undefined {
  return spoiling?.kind === 'refused' ? undefined : spoiling
}

/** Both with optimizations off. @throws what is to blame when they differ, or do not run, then as well. */
async function compareOff(pair: Pair, culprits: Culprits): Promise<OutputsComparison> {
  const off = await attempt(pair, 'disabled')
  if (off instanceof RuntimeRefusedError && off.refusal.path !== pair.output) throw await culprits.file(off)
  const problem = problemOf(off, pair)
  if (problem !== undefined) throw await culprits.mopt(problem, 'disabled', off)
  return off as OutputsComparison
}

function spoiledPair(pair: Pair, off: OutputsComparison, spoiled: Spoiled): ComparedPair {
  const isTimeable = spoiled.input?.kind !== 'refused' && spoiled.output?.kind !== 'refused'
  const warnings = [spoilingWarning(spoiled)]
  return {compared: off, settings: withLevel(pair.settings, 'disabled'), isTimeable, warnings}
}

function asUsual({settings}: Pair, compared: OutputsComparison): ComparedPair {
  return {compared, settings, isTimeable: true, warnings: []}
}

/** What must not be, in words. */
function problemOf(
  outcome: OutputsComparison | RuntimeRefusedError,
  {isExact, freelyShaped}: Pair,
): string | undefined {
  if (outcome instanceof RuntimeRefusedError) return outcome.message
  const outputs = isExact ? outcome.outputs : outcome.outputs.filter(({name}) => !freelyShaped.includes(name))
  const isWrong = isExact ? differs(outcome) : hasOtherShapes({...outcome, outputs})
  return isWrong ? describeDifference({...outcome, outputs}) : undefined
}

/** What the runtime refuses is a finding. @throws everything else. */
async function attempt(pair: Pair, level: Level): Promise<OutputsComparison | RuntimeRefusedError> {
  const {input, output, settings, options} = pair
  try {
    return await compareOutputs(input, output, withLevel(settings, level), options)
  } catch (error) {
    if (error instanceof RuntimeRefusedError) return error
    throw error
  }
}

/** The inputs that were compared on, and no other sizes. */
function sameSource({options, isQuantized, unsteady}: Pair, {plan}: OutputsComparison) {
  const {source, batch, signal} = options
  const leaveOut = [...(options.leaveOut ?? []), ...unsteady]
  const planned = source.kind === 'synthetic' && plan ? {...source, plan} : source
  return {source: planned, batch, leaveOut, signal, isQuantized}
}

function roundingWarning(problem: string): Warning {
  const message = `${problem} at ONNX Runtime's default level, where its fused kernels round in other ways; with graph optimizations off the outputs are equal`
  return {code: 'RUNTIME_OPTIMIZER', message}
}
