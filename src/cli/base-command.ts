import {Command, Flags, type Interfaces} from '@oclif/core'
import type {Effects} from '../effects.js'
import {EXIT, InterruptedError} from '../errors.js'
import type {BudgetResult, Warning} from '../results.js'
import {listenForInterruption} from './interruption.js'
import {longerTiming, type TypedFlag} from './longer-timing.js'
import {usageErrorOf} from './parse-error.js'
import {printDocument} from './print-document.js'
import {type ProgressBar, progressBar, progressWanted, silentBar} from './progress.js'
import {toMoptError} from './to-mopt-error.js'
import {visible} from './visible.js'

/** What `finish` reads of a command's result. */
interface Finished {
  readonly warnings: readonly Warning[]
  readonly budget?: BudgetResult | null
}

/**
 * What every verb shares: `--json`, `--quiet`, `--verbose`, `--no-progress`, progress on a terminal, Ctrl-C, and errors that leave
 * as MoptErrors for `main` to print. A verb parses, calls its pipeline, logs a summary and returns the data.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags: Interfaces.FlagInput = {
    quiet: Flags.boolean({
      char: 'q',
      summary: 'print errors only',
      helpGroup: 'GLOBAL',
      exclusive: ['verbose'],
    }),
    verbose: Flags.boolean({char: 'v', summary: 'print more', helpGroup: 'GLOBAL'}),
    progress: Flags.boolean({
      summary: 'a progress bar on a terminal',
      helpGroup: 'GLOBAL',
      allowNo: true,
      default: true,
    }),
  }

  /** Aborted by Ctrl-C and SIGTERM; its reason is the error to end with. */
  protected signal: AbortSignal = new AbortController().signal
  #stopListening = () => {}
  #quiet = false
  #bar: ProgressBar = silentBar
  #typed: readonly TypedFlag[] = []

  protected override async init(): Promise<void> {
    await super.init()
    const {signal, stop} = listenForInterruption()
    this.signal = signal
    this.#stopListening = stop
  }

  /** Shows how far the work is, where that is wanted; give it to the pipeline as it is. */
  protected readonly progress = (label: string, done: number, total: number, details?: string): void => {
    this.#bar.update(label, done, total, details)
  }

  /** What the pipeline is given beside its options. */
  protected get effects(): Effects {
    return {progress: this.progress, signal: this.signal, commandLine: [this.id ?? '', ...this.argv]}
  }

  protected override async parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv)
    const {quiet, progress} = parsed.flags as {quiet?: boolean; progress?: boolean}
    this.#typed = parsed.raw.filter((token) => token.type === 'flag')
    this.#quiet = quiet === true
    if (progressWanted({progress: progress !== false, quiet: this.#quiet})) this.#bar = progressBar()
    return parsed
  }

  /** Human text on stdout; silent with `--quiet` and `--json`. */
  override log(text = ''): void {
    this.#bar.stop()
    if (!this.#quiet && !this.jsonEnabled()) process.stdout.write(`${text}\n`)
  }

  override logJson(document: unknown): void {
    printDocument(document)
  }

  /**
   * Ends a verb: a timing that decided nothing says what would, its warnings go to stderr, and a missed budget costs one line
   * each and the exit code 4.
   *
   * @returns the result, for `--json`.
   */
  protected finish<R extends Finished>(result: R): R {
    const longer = longerTiming(result, this.#typed)
    if (longer !== undefined) this.log(longer)
    this.#bar.stop()
    if (!this.#quiet && !this.jsonEnabled()) {
      for (const {message, hint} of result.warnings) {
        process.stderr.write(`mopt: warning: ${visible(message)}${hint ? ` (${visible(hint)})` : ''}\n`)
      }
    }
    const missed = result.budget?.checks.filter((check) => !check.passed) ?? []
    for (const {name, limit, actual, model} of missed) {
      process.stderr.write(`${visible(`mopt: budget missed: --${name} ${limit}: ${model} has ${actual}`)}\n`)
    }
    if (missed.length > 0 || result.budget?.passed === false) process.exitCode = EXIT.budgetMissed
    return result
  }

  /** Hands every error on as a MoptError; `main` prints it. */
  protected override async catch(error: unknown): Promise<never> {
    const cause = this.signal.aborted && !(error instanceof InterruptedError) ? this.signal.reason : error
    const flagNames = Object.keys({...this.ctor.baseFlags, ...this.ctor.flags, json: true})
    const moptError = usageErrorOf(cause, this.id ?? '', flagNames) ?? toMoptError(cause)
    throw Object.assign(moptError, {oclif: {exit: moptError.exitCode}})
  }

  protected override async finally(_: unknown): Promise<void> {
    this.#bar.stop()
    this.#stopListening()
  }
}

/** Whether the arguments ask for JSON: before a verb has parsed them, and when there is no such verb. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json')
}
