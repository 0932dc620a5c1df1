import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {performance} from 'node:perf_hooks'
import type {Measurement} from '../../bench/measurement.js'
import {type Protocol, race} from '../../bench/protocol.js'
import {fullSchedule, quickSchedule} from '../../bench/schedule.js'
import type {Contender} from '../../bench/timed-process.js'
import type {Effects} from '../../effects.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import type {Model} from '../../ir/model.js'
import {
  type Alternative,
  type Question,
  type Tuning,
  type TuningContext,
  tuningQuestions,
} from '../../passes/quantize/plan/alternatives.js'
import type {Tuned, Warning} from '../../results.js'

/** What a model can be timed with, and how to make it. */
export interface TuneTask extends TuningContext {
  /** Prepared, before it is quantized; not changed. */
  readonly model: Model
  /** Writes the model quantized that way into a folder of its own. @returns the file's path. */
  write(tuning: Tuning, folder: string): Promise<string>
  /** How a written model is timed. */
  contender(path: string): Contender
}

export interface TuneResult {
  readonly tuning: Tuning
  /** Every alternative that was timed. */
  readonly tuned: Tuned[]
  readonly warnings: Warning[]
}

/** No question is begun later than this. */
const TIME_LIMIT_MS = 120_000

/** How alternatives are timed. */
export interface TuneProtocols {
  /** Which alternative is worth a second look. */
  readonly screening: Protocol
  /** Whether it really is faster. */
  readonly confirmation: Protocol
}

/** Five processes each, then eight pairs, as `bench` does it. */
const PROTOCOLS: TuneProtocols = {
  screening: {
    warmup: {ms: 20},
    planner: quickSchedule((latencyMs) => Math.min(4000, Math.max(400, 80 * latencyMs))),
    maxTimeMs: 5000,
    startTogether: true,
  },
  confirmation: {
    warmup: {ms: 80},
    planner: fullSchedule({minRuns: 100, minTimeMs: 1000, maxTimeMs: 6000}),
    maxTimeMs: 8000,
    startTogether: true,
  },
}

/**
 * Times what rules can't settle, one question after the other, against what the rules and the questions before chose. The fastest
 * alternative of a question is kept when a second, longer timing shows it faster with its whole interval: never on a guess.
 */
export async function tuneQuantization(
  task: TuneTask,
  effects: Effects,
  protocols: TuneProtocols = PROTOCOLS,
): Promise<TuneResult> {
  return withTempFolder((folder) => new Tuner(task, effects, protocols, folder).tune())
}

/** A quantized file that takes part. */
interface Candidate {
  readonly name: string
  readonly tuning: Tuning
  readonly path: string
  readonly digest: string
}

class Tuner {
  readonly #started = performance.now()
  readonly #tuned: Tuned[] = []
  readonly #warnings: Warning[] = []
  #files = 0

  constructor(
    private readonly task: TuneTask,
    private readonly effects: Effects,
    private readonly protocols: TuneProtocols,
    private readonly folder: string,
  ) {}

  async tune(): Promise<TuneResult> {
    const questions = tuningQuestions(this.task.model.graph, this.task)
    let best = await this.#candidate('by rule', {edits: []})
    for (const [i, question] of questions.entries()) {
      this.effects.progress('tuning', i, questions.length)
      if (performance.now() - this.#started > TIME_LIMIT_MS) {
        this.#warn('TUNE_STOPPED', `--tune stopped after ${TIME_LIMIT_MS / 1000} s, before: ${question.title}`)
        break
      }
      best = await this.#answer(question, best)
    }
    return {tuning: best.tuning, tuned: this.#tuned, warnings: this.#warnings}
  }

  /** @returns what is fastest: one of the alternatives, or what was best before. */
  async #answer({title, alternatives}: Question, best: Candidate): Promise<Candidate> {
    const {screening, confirmation} = this.protocols
    const others = await this.#distinct(alternatives, best)
    if (others.length === 0) return best
    const [baseline, ...screened] = await this.#race([best, ...others], screening)
    if (baseline?.error !== undefined) {
      this.#warn('TUNE_FAILED', `--tune could not time the model: ${messageOf(baseline.error)}`)
      return best
    }
    const fastest = indexOfFastest(screened)
    const challenger = fastest === undefined ? undefined : others[fastest]
    const confirmed = challenger && (await this.#race([best, challenger], confirmation))[1]
    const isKept = confirmed?.error === undefined && (confirmed?.ratio()?.high ?? 1) < 1
    for (const [i, other] of others.entries()) {
      const measured = i === fastest ? confirmed : screened[i]
      this.#tuned.push({question: title, alternative: other.name, ...figures(measured), kept: isKept && i === fastest})
    }
    return isKept && challenger ? challenger : best
  }

  /** The alternatives that come to files of their own. */
  async #distinct(alternatives: readonly Alternative[], best: Candidate): Promise<Candidate[]> {
    const known = new Set([best.digest])
    const others: Candidate[] = []
    for (const {name, edits, ...more} of alternatives) {
      // the first edit that matches a node holds
      const tuning = {...best.tuning, ...more, edits: [...edits, ...best.tuning.edits]}
      const candidate = await this.#candidate(name, tuning)
      if (!known.has(candidate.digest)) others.push(candidate)
      known.add(candidate.digest)
    }
    return others
  }

  async #candidate(name: string, tuning: Tuning): Promise<Candidate> {
    this.effects.signal.throwIfAborted()
    const folder = join(this.folder, String(this.#files++))
    await mkdir(folder)
    const path = await this.task.write(tuning, folder)
    return {name, tuning, path, digest: createHash('sha256').update(readFileSync(path)).digest('hex')}
  }

  async #race(candidates: readonly Candidate[], protocol: Protocol): Promise<Measurement[]> {
    const contenders = candidates.map(({path}) => this.task.contender(path))
    return race(contenders, protocol, {signal: this.effects.signal})
  }

  #warn(code: string, message: string): void {
    this.#warnings.push({code, message, hint: 'what was not timed is as the rules say'})
  }
}

/** Of the alternatives that look faster at all. */
function indexOfFastest(measurements: readonly Measurement[]): number | undefined {
  const points = measurements.map((one) => (one.error === undefined ? (one.ratio()?.point ?? 1) : 1))
  const least = Math.min(...points)
  return least < 1 ? points.indexOf(least) : undefined
}

function figures(measurement: Measurement | undefined): Pick<Tuned, 'ratio' | 'low' | 'high'> {
  const ratio = measurement?.error === undefined ? measurement?.ratio() : undefined
  return ratio ? {ratio: ratio.point, low: ratio.low, high: ratio.high} : {ratio: null, low: null, high: null}
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
