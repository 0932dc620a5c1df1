import type {MoptError} from '../errors.js'
import type {Failure} from '../results.js'
import {printDocument} from './print-document.js'
import {visible} from './visible.js'

/**
 * Prints an error: one line on stderr with the next step at its end, and with `--json` the error document on stdout.
 * The stack and the causes appear only with `DEBUG=mopt`.
 */
export function reportError(error: MoptError, command: string, json: boolean): void {
  const hint = error.hint ? ` (hint: ${oneLine(error.hint)})` : ''
  process.stderr.write(`mopt: error: ${oneLine(error.message)}${hint}\n`)
  if (debugEnabled()) process.stderr.write(stacksOf(error))
  if (json) printDocument(failureOf(error, command))
}

function failureOf({code, message, hint}: MoptError, command: string): Failure {
  return {schemaVersion: 1, command, error: {code, message: oneLine(message), ...(hint ? {hint} : {})}}
}

/** Names of files, nodes and native messages may hold line breaks: an error stays one line whatever they hold. */
function oneLine(text: string): string {
  return visible(text.trim().replace(/\s*[\r\n]+\s*/g, ' '))
}

function debugEnabled(): boolean {
  return (process.env.DEBUG ?? '').split(/[\s,]+/).some((name) => name === '*' || /^mopt(:|$)/.test(name))
}

function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return error === undefined ? '' : `caused by: ${String(error)}\n`
  return `${error.stack ?? error.message}\n${stacksOf(error.cause)}`
}
