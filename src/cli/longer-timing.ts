import {dataOptions, runOptions} from '../options/common.js'
import type {Timing} from '../results.js'
import {flagNamesOf} from './flags-of.js'

/** A flag as it was typed; of a flag without a value, `input` is the flag itself. */
export interface TypedFlag {
  readonly flag: string
  readonly input: string
}

/** What decides the shapes and values a model is fed, and where it runs. */
const RUN: ReadonlySet<string> = new Set(flagNamesOf(runOptions))
const DATA: ReadonlySet<string> = new Set(flagNamesOf(dataOptions).filter((name) => !/^eval|^batch$/.test(name)))

/** Samples that the longer timing judges on besides: enough to see that both still answer alike. */
const FEW_SAMPLES = ['--limit=64']

/** What a verb timed. */
interface TimedFiles {
  readonly input: {readonly path: string}
  readonly output: {readonly path: string}
  readonly timing?: Timing | null
  readonly fidelity?: {readonly inputs: 'data' | 'synthetic'} | null
}

/**
 * After a timing that could not decide: the command that measures longer, on the same inputs.
 *
 * @param typed the verb's flags.
 * @returns undefined when there is nothing to decide.
 */
export function longerTiming(result: object, typed: readonly TypedFlag[]): string | undefined {
  if (!isUndecided(result)) return undefined
  const {input, output, fidelity} = result
  const isOnData = fidelity?.inputs === 'data'
  const kept = judgedFirst(typed).filter(({flag}) => RUN.has(flag) || (isOnData && DATA.has(flag)))
  const flags = kept.map(({flag, input: value}) => (value.startsWith('--') ? value : `--${flag}=${value}`))
  const few = isOnData && !kept.some(({flag}) => flag === 'limit') ? FEW_SAMPLES : []
  const command = ['mopt', 'bench', input.path, output.path, ...flags, ...few].map(quoted).join(' ')
  return `speed undecided: \`${command}\` measures longer`
}

/** Flags of held-out samples, and what they are to a bench. */
const HELD_OUT: ReadonlyMap<string, string> = new Map([
  ['eval', 'data'],
  ['eval-labels', 'labels'],
  ['eval-limit', 'limit'],
  ['eval-offset', 'offset'],
])

/** Held-out samples were the ones that were timed on, where there were such: they take the place of the others. */
function judgedFirst(typed: readonly TypedFlag[]): readonly TypedFlag[] {
  if (!typed.some(({flag}) => flag === 'eval')) return typed
  const others = new Set([...HELD_OUT.values(), 'shuffle'])
  return typed.flatMap(({flag, input}) => {
    const name = HELD_OUT.get(flag)
    if (name !== undefined) return [{flag: name, input}]
    return others.has(flag) ? [] : [{flag, input}]
  })
}

/** For a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}

function isUndecided(result: object): result is TimedFiles {
  return (result as Partial<TimedFiles>).timing?.verdict === 'undecided'
}
