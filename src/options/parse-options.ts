import type {z} from 'zod'
import {UsageError} from '../errors.js'

/**
 * Options as a verb takes them, every default filled in.
 *
 * @throws UsageError that names the first option that is not as it should be: `data.limit: expected …, got …`
 */
export function parseOptions<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const {success, data, error} = schema.safeParse(given, {reportInput: true})
  if (success) return data
  const [issue] = error.issues
  const {text, hint} = issue ? wordsOf(issue) : {text: 'expected options'}
  throw new UsageError(text, {hint})
}

function wordsOf(issue: z.core.$ZodIssue): {text: string; hint?: string} {
  if (issue.code === 'custom' && issue.message.startsWith('--')) return {text: issue.message, ...issue.params}
  const place = issue.path.length === 0 ? 'options' : issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const hint = 'The rooms and their options are in docs/library.md'
    return {text: `${place}: expected known options, got '${issue.keys.join("', '")}'`, hint}
  }
  const expected = issue.message
    .replace(/^(Invalid (input|option)|Too (small|big)): /, '')
    .replace(/, received .*$/, '')
  return {text: `${place}: ${expected}, got ${shown(issue.input)}`}
}

const MOST_SHOWN = 60

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value))
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}
