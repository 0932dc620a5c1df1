import {Config, type Interfaces, run} from '@oclif/core'
import {EXIT, type MoptError, UsageError} from '../errors.js'
import {wantsJson} from './base-command.js'
import {usageErrorOf} from './parse-error.js'
import {reportError} from './report-error.js'
import {suggest} from './suggest.js'
import {toMoptError} from './to-mopt-error.js'

/**
 * Runs the command line.
 *
 * @param argv arguments after the program's name.
 * @param where the package's root folder, as oclif's Config.load takes it.
 * @returns the exit code; everything is printed.
 */
export async function main(argv: readonly string[], where: Interfaces.LoadOptions): Promise<number> {
  tolerateClosedPipes()
  const args = withoutHelpVerb(argv)
  const [verb = ''] = args
  try {
    const config = await Config.load(where)
    refuseUnknownVerb(verb, config)
    await run(args, config)
    await written()
    // a failed write to stdout is told in a later turn
    await new Promise((resolve) => setImmediate(resolve))
    return Number(process.exitCode ?? EXIT.done)
  } catch (error) {
    if (exitsCleanly(error)) return EXIT.done
    const moptError: MoptError = usageErrorOf(error, verb) ?? toMoptError(error)
    reportError(moptError, verb.startsWith('-') ? '' : verb, wantsJson(args))
    return moptError.exitCode
  }
}

/** Until a pipe has taken all that was printed: whoever exits before leaves the reader with the first 64 kB. */
function written(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => resolve())
  })
}

/** `mopt help prune` is `mopt prune --help`. */
function withoutHelpVerb(argv: readonly string[]): string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv]
}

function refuseUnknownVerb(verb: string, config: Interfaces.Config): void {
  const globals = ['', '--help', '-h', '--version', '-V']
  if (globals.includes(verb) || config.findCommand(verb)) return
  if (verb.startsWith('-')) {
    throw new UsageError(`expected a verb first, got '${verb}'`, {
      hint: 'Write `mopt VERB MODEL [flags]`, see `mopt --help`',
    })
  }
  const meant = suggest(verb, config.commandIDs)
  const hint = `${meant ? `Did you mean \`mopt ${meant}\`? ` : ''}\`mopt --help\` lists the verbs`
  throw new UsageError(`expected a verb of mopt, got '${verb}'`, {hint})
}

/** oclif ends help and version by throwing an exit of 0. */
function exitsCleanly(error: unknown): boolean {
  return (error as {oclif?: {exit?: unknown}} | null)?.oclif?.exit === 0
}

/** `mopt inspect m.onnx | head -1`: the reader went away, the work goes on and its files get written. */
function tolerateClosedPipes(): void {
  for (const [stream, listener] of [
    [process.stdout, onStdoutError],
    [process.stderr, onStderrError],
  ] as const) {
    // oclif's own listener throws, which would end the process with a stack and the exit code 1
    stream.removeAllListeners('error')
    stream.on('error', listener)
  }
}

/** A result that did not arrive whole must not pass for one: a full disk behind `>` is a failure of the machine. */
function onStdoutError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || process.exitCode === EXIT.machineFailed) return
  process.exitCode = EXIT.machineFailed
  process.stderr.write(`mopt: error: the result cannot be written to stdout: ${error.message}\n`)
}

/** There is nowhere left to say it. */
function onStderrError(): void {}
