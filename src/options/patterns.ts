import {z} from 'zod'

/** A regular expression as text: options are plain data. */
export const pattern = z.string().refine(isPattern, {error: 'expected a regular expression'})

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u')
    return true
  } catch {
    return false
  }
}

/** @throws SyntaxError for what is none: options were parsed before. */
export function patternOf(text: string): RegExp {
  return new RegExp(text, 'u')
}

/** The expressions that patterns stand for. */
export function patternsOf(texts: readonly string[]): RegExp[] {
  return texts.map(patternOf)
}
