import {median} from 'simple-statistics'
import {type Estimate, percentile, ratioInterval, type Summary, summarize} from './statistics.js'
import type {TimedBlock} from './timed-process.js'

/** The percentile of a block that stands for it: the lower quartile holds still while a neighbour disturbs the upper half. */
const BLOCK_PERCENTILE = 0.25

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
  /** Per finished process pair, the median over its rounds of log(this ÷ baseline). */
  readonly #pairLogRatios: number[] = []
  readonly #loadsMs: number[] = []
  #running: number[] = []
  #roundLogRatios: number[] = []
  #blockMs: number | undefined
  #peakRssBytes = 0
  #cpuMs = 0
  #wallMs = 0
  #spentMs = 0

  beginProcess(loadMs: number): void {
    this.#loadsMs.push(loadMs)
    this.#running = []
    this.#roundLogRatios = []
    this.#blockMs = undefined
  }

  addBlock(block: TimedBlock): void {
    const latencies = Array.from(block.latenciesMs)
    for (const latency of latencies) this.#running.push(latency)
    this.#blockMs = percentile(latencies, BLOCK_PERCENTILE)
    this.#cpuMs += block.cpuMs
    this.#wallMs += block.wallMs
    this.spend(block.wallMs)
  }

  endRound(baseline: Measurement | undefined): void {
    if (!baseline || baseline === this) return
    const [mine, theirs] = [this.#blockMs, baseline.#blockMs]
    if (mine !== undefined && theirs !== undefined) this.#roundLogRatios.push(Math.log(mine / theirs))
  }

  endProcess(baseline: Measurement | undefined): void {
    if (this.error !== undefined) return
    if (this.#running.length > 0) this.#latencies.push(this.#running)
    if (baseline?.error === undefined && this.#roundLogRatios.length > 0) {
      this.#pairLogRatios.push(median(this.#roundLogRatios))
    }
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

  /** All timed runs of all processes. */
  summary(): Summary {
    return summarize(this.#latencies.flat())
  }

  /** Each process pair's ratio to the baseline, as a natural logarithm. */
  get pairLogRatios(): readonly number[] {
    return this.#pairLogRatios
  }

  /** Latency ÷ the baseline's, with its interval over process pairs; undefined for the baseline itself, or when that failed. */
  ratio(): Estimate | undefined {
    return this.#pairLogRatios.length > 0 ? ratioInterval(this.#pairLogRatios) : undefined
  }

  /** Interval of a percentile of the latency, over the processes. */
  interval(name: Percentile): Estimate {
    const p = Number(name.slice(1)) / 100
    return ratioInterval(this.#latencies.map((latencies) => Math.log(percentile(latencies, p))))
  }
}
