import {median} from 'simple-statistics'
import {type Estimate, isDecided, percentile, ratioInterval, type Summary, summarize} from './statistics.js'
import type {TimedBlock} from './timed-process.js'

/** Kernels count CPU time in ticks of up to 10 ms: over less than this a share says nothing. */
const MIN_CPU_WALL_MS = 200

/** The percentiles that a latency can be budgeted by. */
export const PERCENTILES = ['p50', 'p90', 'p95', 'p99'] as const
export type Percentile = (typeof PERCENTILES)[number]

/** What the protocol gathered about one model. Filled by `race`, then read. */
export class Measurement {
  /** Why the model left the race. */
  error: unknown
  /** Latencies of all finished processes. */
  readonly #latencies: number[][] = []
  /** Per finished process pair, the logarithm of the quotient of both medians, this ÷ baseline. */
  readonly #pairLogRatios: number[] = []
  readonly #loadsMs: number[] = []
  #running: number[] = []
  /** Of the last finished process. */
  #medianMs: number | undefined
  /** How often the interval of the ratio may miss the truth. */
  #error = 0.05
  #peakRssBytes = 0
  #cpuMs = 0
  #wallMs = 0
  #spentMs = 0

  beginProcess(loadMs: number): void {
    this.#loadsMs.push(loadMs)
    this.#running = []
    this.#medianMs = undefined
  }

  addBlock(block: TimedBlock): void {
    for (const latency of Array.from(block.latenciesMs)) this.#running.push(latency)
    this.#cpuMs += block.cpuMs
    this.#wallMs += block.wallMs
    this.spend(block.wallMs)
  }

  /**
   * @param baseline has ended its own process of this pair already.
   * @param error how often the interval of the ratio may miss the truth, if this pair is the last.
   */
  endProcess(baseline: Measurement | undefined, error = 0.05): void {
    if (this.error !== undefined || this.#running.length === 0) return
    this.#error = error
    this.#latencies.push(this.#running)
    this.#medianMs = percentile(this.#running, 0.5)
    if (!baseline || baseline === this || baseline.error !== undefined || baseline.#medianMs === undefined) return
    this.#pairLogRatios.push(Math.log(this.#medianMs / baseline.#medianMs))
  }

  fail(error: unknown): void {
    this.error = error ?? new Error('the model process failed')
  }

  spend(ms: number): void {
    this.#spentMs += ms
  }

  recordPeak(bytes: number): void {
    this.#peakRssBytes = Math.max(this.#peakRssBytes, bytes)
  }

  /** Measuring so far, warm-up and skipped runs included. */
  get spentMs(): number {
    return this.#spentMs
  }

  get processes(): number {
    return this.#latencies.length
  }

  /** Median over the processes. */
  get loadMs(): number {
    return median(this.#loadsMs)
  }

  /** The largest over the processes. */
  get peakRssBytes(): number {
    return this.#peakRssBytes
  }

  /** CPU time ÷ wall time of the timed blocks, near the number of threads when nobody else wants the cores; undefined when too short. */
  get cpuShare(): number | undefined {
    return this.#wallMs >= MIN_CPU_WALL_MS ? this.#cpuMs / this.#wallMs : undefined
  }

  /** Timed runs of finished processes. */
  get runs(): number {
    return this.#latencies.reduce((sum, {length}) => sum + length, 0)
  }

  /** Time spent in timed blocks. */
  get timedMs(): number {
    return this.#wallMs
  }

  /**
   * All timed runs of all processes; their median is the one that ratios are made of, the geometric mean over the processes of
   * the median of each: the quotient of two models' medians is their ratio.
   */
  summary(): Summary {
    return {...summarize(this.#latencies.flat()), p50: this.interval('p50').point}
  }

  /** Each process pair's ratio to the baseline, as a natural logarithm. */
  get pairLogRatios(): readonly number[] {
    return this.#pairLogRatios
  }

  /** Latency ÷ the baseline's, with its interval over process pairs; undefined for the baseline itself, or when that failed. */
  ratio(): Estimate | undefined {
    return this.#pairLogRatios.length > 0 ? ratioInterval(this.#pairLogRatios, this.#error) : undefined
  }

  /** Interval of a percentile of the latency, over the processes. */
  interval(name: Percentile): Estimate {
    const p = Number(name.slice(1)) / 100
    return ratioInterval(this.#latencies.map((latencies) => Math.log(percentile(latencies, p))))
  }
}

/**
 * Whether longer measuring would hardly change what is said of any model against the first. Models that failed have no say.
 *
 * @returns false as well when there is nothing to decide.
 */
export function areDecided(measurements: readonly Measurement[], minEffect: number): boolean {
  const ratios = measurements.flatMap((one) => (one.error === undefined ? (one.ratio() ?? []) : []))
  return ratios.length > 0 && ratios.every((ratio) => isDecided(ratio, minEffect))
}
