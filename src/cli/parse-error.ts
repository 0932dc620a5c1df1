import {Errors} from '@oclif/core'
import {UsageError} from '../errors.js'
import {suggest} from './suggest.js'

/**
 * Says in one line what oclif's parser refused. Its own messages span several lines and repeat the help.
 *
 * @param flagNames the command's flags without dashes, for "did you mean".
 * @returns undefined when the error did not come from the parser.
 */
export function usageErrorOf(
  error: unknown,
  command: string,
  flagNames: readonly string[] = [],
): UsageError | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof UsageError) return withoutWrapping(error)
  if (!(error instanceof Errors.CLIError)) return undefined
  const help = `\`mopt ${command} --help\` lists the flags`
  if (names(error, 'flags')) return unknownFlag(names(error, 'flags') ?? [], flagNames, help)
  if (/^Missing \d+ required arg/.test(error.message)) return missingArguments(error, command)
  if (names(error, 'args')) {
    const message = `expected no further argument, got ${quoted(names(error, 'args') ?? [])}`
    return new UsageError(message, {hint: help, cause: error})
  }
  return new UsageError(firstLine(error.message), {hint: help, cause: error})
}

/** oclif rewrites the message of an error thrown by a flag's parse function: take ours out again. */
function withoutWrapping(error: UsageError): UsageError {
  error.message = error.message.replace(/^Parsing --\S+ \n\t/, '').replace(/\nSee more help with --help$/, '')
  return error
}

function unknownFlag(flags: readonly string[], known: readonly string[], help: string): UsageError {
  const [first = ''] = flags
  const [name = ''] = first.replace(/^-+/, '').split('=')
  const meant = suggest(name, [...known, ...known.map((flag) => `no-${flag}`)])
  const hint = meant ? `Did you mean \`--${meant}\`? ${help}` : help
  return new UsageError(`unknown flag ${quoted(flags)}`, {hint})
}

function missingArguments(error: Error, command: string): UsageError {
  const missing = (listOf(error, 'args') ?? []).map((arg) =>
    String((arg as {name?: unknown}).name ?? arg).toUpperCase(),
  )
  return new UsageError(`expected ${missing.join(' and ')}, got nothing`, {
    hint: `\`mopt ${command} --help\` shows examples`,
    cause: error,
  })
}

function names(error: Error, key: 'flags' | 'args'): string[] | undefined {
  const list = listOf(error, key)
  return list?.every((item) => typeof item === 'string') ? (list as string[]) : undefined
}

function listOf(error: Error, key: string): unknown[] | undefined {
  const value = (error as Error & Record<string, unknown>)[key]
  return Array.isArray(value) && value.length > 0 ? value : undefined
}

/** oclif's message without its frame: an introduction that ends with a colon, and a pointer to the help. */
function firstLine(message: string): string {
  const lines = message.split('\n').map((line) => line.trim())
  const useful = lines.filter((line) => line && line !== 'See more help with --help')
  const [intro = message, ...rest] = useful
  if (!intro.endsWith(':')) return intro
  return /^The following errors? occurred:$/.test(intro) ? rest.join('; ') : `${intro} ${rest.join('; ')}`
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ')
}
