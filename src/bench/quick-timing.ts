import {MachineError} from '../errors.js'
import type {Timing} from '../results.js'
import type {InputSource, SessionSettings} from '../runtime/session/session-settings.js'
import {modelStarts} from '../runtime/time/model-starts.js'
import {areDecided, type Measurement, PERCENTILES, type Percentile} from './measurement.js'
import {race} from './protocol.js'
import {quickSchedule} from './schedule.js'
import {type Estimate, verdictOf} from './statistics.js'
import type {Contender} from './timed-process.js'

export interface QuickTimingOptions {
  readonly source: InputSource
  /** Of the input, where it is fed something else. */
  readonly beforeSource?: InputSource | undefined
  /** Rows per run of data; 1 when absent. */
  readonly batch?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** The smallest difference that makes a verdict; 0.02 when absent. */
  readonly minEffect?: number | undefined
  /** Measures its whole time, for budgets that judge more than the verdict. */
  readonly isThorough?: boolean | undefined
}

/** The timing that a verb shows, and what its budgets need besides. */
export interface QuickMeasurement {
  readonly timing: Timing
  /** Of the written model, with intervals over processes. */
  readonly latency: Readonly<Record<Percentile, Estimate>>
}

/** Shorter than in a full bench: the answer comes after every write. */
const WARMUP = {ms: 20}
/** Behind the planner's estimate, for models whose runs take seconds. */
const MAX_TIME_MS = 10_000

/**
 * Times a written model against its input, both together, in fresh pairs of processes: 3 where that decides it, up to 5 that take
 * min(2 s, max(0.2 s, 40 runs of the input)). Its interval is honest and therefore wide: a difference under some 10 % needs `bench`.
 *
 * @throws MoptError of the model that does not load or run, InterruptedError.
 */
export async function quickMeasurement(
  beforePath: string,
  afterPath: string,
  settings: SessionSettings,
  options: QuickTimingOptions,
): Promise<QuickMeasurement> {
  const {source, beforeSource = source, batch = 1, signal} = options
  const contender = (path: string, fed: InputSource): Contender =>
    modelStarts(path, settings, {source: fed, batch, signal})
  return measureQuickly([contender(beforePath, beforeSource), contender(afterPath, source)], options)
}

/** The same for anything that can be timed. */
export async function measureQuickly(
  contenders: readonly [before: Contender, after: Contender],
  {signal, minEffect = 0.02, isThorough = false}: Pick<QuickTimingOptions, 'signal' | 'minEffect' | 'isThorough'>,
): Promise<QuickMeasurement> {
  const planner = quickSchedule((latencyMs) => Math.min(2000, Math.max(200, 40 * latencyMs)))
  const isEnough = isThorough ? undefined : (pair: readonly Measurement[]) => areDecided(pair, minEffect)
  const protocol = {warmup: WARMUP, planner, maxTimeMs: MAX_TIME_MS, startTogether: true, isEnough}
  const [before, after] = (await race(contenders, protocol, {signal})) as [Measurement, Measurement]
  for (const {error} of [before, after]) if (error !== undefined) throw error
  const ratio = after.ratio()
  if (!ratio) throw new MachineError('the timing gave no figures', {hint: 'Try again, or leave it out with --no-time'})
  const timing = {
    before: before.summary().p50,
    after: after.summary().p50,
    ratio: ratio.point,
    low: ratio.low,
    high: ratio.high,
    verdict: verdictOf(ratio, minEffect),
  }
  const entries = PERCENTILES.map((name) => [name, after.interval(name)] as const)
  return {timing, latency: Object.fromEntries(entries) as Record<Percentile, Estimate>}
}
