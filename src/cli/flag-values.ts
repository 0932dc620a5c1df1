import {UsageError} from '../errors.js'
import {OUTPUT_KINDS, type OutputKind} from '../results.js'

/** What flags may be typed as. Each parser gets the text and the flag's name, and throws a UsageError that names both. */

export type Range = {readonly min?: number; readonly max?: number}

/** Digits only: `1e3`, `0x10` and `1.0` are more likely mistakes than integers. */
export function parseInteger(text: string, flag: string, {min = 0, max = Number.MAX_SAFE_INTEGER}: Range = {}): number {
  const value = /^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  const limits = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  throw wrong(flag, `an integer ${limits}`, text)
}

/** A finite number, or a fraction such as `1/255`. */
export function parseNumber(text: string, flag: string, {min, max}: Range = {}): number {
  const value = numberOf(text)
  const tooSmall = min !== undefined && value < min
  const tooBig = max !== undefined && value > max
  if (Number.isFinite(value) && !tooSmall && !tooBig) return value
  const bounds = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`]
  throw wrong(flag, ['a number', ...bounds.filter(Boolean)].join(' '), text)
}

/** `auto`, or a number of at least 0. */
export function parseNumberOrAuto(text: string, flag: string): number | 'auto' {
  if (text.trim() === 'auto') return 'auto'
  const value = numberOf(text)
  if (value >= 0 && Number.isFinite(value)) return value
  throw wrong(flag, 'auto or a number at least 0', text)
}

/** A share: `0.3` or `30%`. @returns 0..1 */
export function parseRatio(text: string, flag: string): number {
  const percent = text.trim().endsWith('%')
  const value = numberOf(text.trim().replace(/%$/, '')) / (percent ? 100 : 1)
  if (value >= 0 && value <= 1) return value
  const hint = value > 1 && value <= 100 ? `Write ${text}% or ${value / 100}` : undefined
  throw wrong(flag, 'a share from 0 to 1, such as 0.3 or 30%', text, hint)
}

const MILLISECONDS: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, min: 60_000}

/** A time with its unit: `500ms`, `1s`, `2m`. @returns milliseconds */
export function parseDuration(text: string, flag: string): number {
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(text) ?? []
  const factor = MILLISECONDS[unit]
  if (digits && factor) return Number(digits) * factor
  throw wrong(flag, 'a time with its unit, such as 500ms, 1s or 2m', text)
}

/** `0.485,0.456,0.406`: one value, or one per channel. */
export function parseNumberList(text: string, flag: string): number[] {
  const values = text.split(',').map(numberOf)
  if (values.every(Number.isFinite)) return values
  throw wrong(flag, 'numbers with commas between them, such as 0.485,0.456,0.406', text)
}

/** `1,8`: integers in the order typed. */
export function parseIntegerList(text: string, flag: string, range: Range = {min: 1}): number[] {
  return text.split(',').map((item) => parseInteger(item, flag, range))
}

/** `28x28`, or `28` for both sides. @returns height, width */
export function parseSides(text: string, flag: string): [number, number] {
  const [, height, width = height] = /^(\d+)(?:x(\d+))?$/.exec(text.trim()) ?? []
  const sides: [number, number] = [Number(height), Number(width)]
  if (sides.every((side) => side > 0)) return sides
  throw wrong(flag, 'HEIGHTxWIDTH, such as 224x224', text)
}

/** `name=value`; the name may itself hold `=` or `:`, as tensor names do. */
export function parseAssignment(text: string, flag: string, form: string): [name: string, value: string] {
  const at = text.lastIndexOf('=')
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)]
  throw wrong(flag, form, text)
}

/** `x=1,3,224,224`. */
export function parseShape(text: string, flag: string): [name: string, shape: number[]] {
  const [name, sizes] = parseAssignment(text, flag, 'NAME=SIZES, such as x=1,3,224,224')
  return [name, parseIntegerList(sizes, flag, {min: 0})]
}

/** `T=64`. */
export function parseDim(text: string, flag: string): [name: string, size: number] {
  const [name, size] = parseAssignment(text, flag, 'NAME=SIZE, such as T=64')
  return [name, parseInteger(size, flag, {min: 1})]
}

/** `probabilities=mask`, or with the score from which it is a yes: `probabilities=mask@0.3`. */
export function parseOutputKind(text: string, flag: string): [name: string, wanted: WantedOutputKind] {
  const [name, what] = parseAssignment(text, flag, 'NAME=KIND or NAME=KIND@THRESHOLD')
  const [word = '', given, ...more] = what.split('@')
  const kind = OUTPUT_KINDS.find((known) => known === word)
  const threshold = given === undefined ? undefined : Number(given)
  if (kind && more.length === 0 && given !== '' && !Number.isNaN(threshold)) return [name, {kind, threshold}]
  throw wrong(flag, `a kind out of ${OUTPUT_KINDS.join(', ')}`, what, 'docs/how-results-are-judged.md explains them')
}

/** `a,b`: names in the order typed, none of them empty. */
export function parseNames(text: string, flag: string): string[] {
  const list = text.split(',').map((item) => item.trim())
  if (list.every((item) => item !== '')) return list
  throw wrong(flag, 'names with commas between them', text)
}

/** Some of the words that are known. */
export function parseSome(text: string, flag: string, known: readonly string[]): string[] {
  const list = text.split(',').map((item) => item.trim())
  if (list.every((item) => known.includes(item))) return list
  throw wrong(flag, `some of ${known.join(', ')}, with commas between them`, text)
}

/** What an output means, and the score from which it is a yes. */
export interface WantedOutputKind {
  readonly kind: OutputKind
  readonly threshold: number | undefined
}

function numberOf(text: string): number {
  const [above = '', below = '1', ...rest] = text.trim().split('/')
  if (above.trim() === '' || below.trim() === '' || rest.length > 0) return Number.NaN
  return Number(above) / Number(below)
}

function wrong(flag: string, expected: string, got: string, hint?: string): UsageError {
  return new UsageError(`--${flag}: expected ${expected}, got '${got}'`, {hint})
}

/** A regular expression. @throws UsageError with the parser's reason. */
/** A regular expression, as text. */
export function parsePattern(text: string, flag: string): string {
  try {
    new RegExp(text, 'u')
    return text
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`--${flag}: expected a regular expression, got '${text}'`, {
      hint: `${reason}; put a backslash before . * + ? ( ) [ ] { } to mean them literally`,
    })
  }
}

const OVERRIDE_TYPES = ['float', 'float16', 'int8', 'uint8', 'stored-int8'] as const
export type OverrideType = (typeof OVERRIDE_TYPES)[number]

/** `REGEX=TYPE`, split at the last `=`: names may hold one. */
export function parseOverride(text: string, flag: string): {pattern: string; to: OverrideType} {
  const at = text.lastIndexOf('=')
  const to = OVERRIDE_TYPES.find((type) => type === text.slice(at + 1))
  if (at > 0 && to) return {pattern: parsePattern(text.slice(0, at), flag), to}
  throw new UsageError(`--${flag}: expected REGEX=${OVERRIDE_TYPES.join('|')}, got '${text}'`)
}
