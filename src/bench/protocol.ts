import {errorAtLook} from './error-at-look.js'
import {Measurement} from './measurement.js'
import {type Block, type Planner, type Probe, runsToSkip, type Schedule} from './schedule.js'
import type {Contender, TimedProcess} from './timed-process.js'

/** Runs in front of the timing: this much time (and at least one run), or this many runs. */
export type Warmup = {readonly ms: number} | {readonly runs: number}

export interface Protocol {
  readonly warmup: Warmup
  readonly planner: Planner
  /** No model is measured for longer than this: the guard behind the planner's estimate. */
  readonly maxTimeMs: number
  /** Loads the models of a pair at the same time: quicker, but their load times mean nothing. */
  readonly startTogether?: boolean
  /**
   * Whether nothing more need be measured. Asked after every pair from the third on; intervals are wider then, such that
   * stopping where one likes them is no cheating. Absent: the schedule is played to its end.
   */
  readonly isEnough?: ((measurements: readonly Measurement[]) => boolean) | undefined
}

export interface RaceOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export const DEFAULT_WARMUP: Warmup = {ms: 80}

/** Two pairs say nothing yet: t is 12.7 even without looking twice. */
const FIRST_LOOK = 3

/** One model in the current generation of processes. */
interface Runner {
  readonly index: number
  readonly process: TimedProcess
  readonly measurement: Measurement
  latencyMs: number
}

/**
 * Times models against each other. The noise that matters lives between processes, so every generation starts a fresh process
 * for each model, warms them up, and gives them blocks in turn, A B then B A: what slows the machine slows both. Who comes first
 * swaps from one generation to the next.
 * A model that fails leaves the race; its measurement carries the error.
 *
 * @param contenders the first is the baseline.
 * @returns one measurement per contender, in their order.
 * @throws the signal's reason when it is aborted; processes are closed first.
 *
 * Measured on two noisy cores: an interval over process pairs covers the truth 91 to 94 % of the time, one over the runs of a
 * single pair 13 to 53 %.
 */
export async function race(
  contenders: readonly Contender[],
  protocol: Protocol,
  options: RaceOptions = {},
): Promise<Measurement[]> {
  const measurements = contenders.map(() => new Measurement())
  let schedule: Schedule | undefined
  for (let generation = 0; generation < (schedule?.length ?? 1); generation++) {
    const runners = await startAll(contenders, measurements, generation, protocol, options)
    try {
      options.signal?.throwIfAborted()
      const probe = await warmUpAll(inTurn(runners, generation), protocol.warmup, generation === 0, options)
      if (runners.every(failed)) break
      schedule ??= protocol.planner(probe)
      for (const [round, block] of (schedule[generation] ?? []).entries()) {
        if (round > 0 && isOverdue(measurements, (protocol.maxTimeMs * (generation + 1)) / schedule.length)) break
        await playRound(inTurn(runners, round + generation), block, options)
      }
      for (const runner of runners) if (!failed(runner)) runner.measurement.recordPeak(runner.process.peakRssBytes)
    } finally {
      await Promise.all(runners.map(({process}) => process.close().catch(() => undefined)))
    }
    const pairs = generation + 1
    const error = protocol.isEnough ? errorAtLook(pairs, schedule.length) : 0.05
    for (const {measurement} of runners) measurement.endProcess(measurements[0], error)
    options.onProgress?.(pairs, schedule.length)
    if (isOverdue(measurements, protocol.maxTimeMs)) break
    if (pairs >= FIRST_LOOK && protocol.isEnough?.(measurements)) break
  }
  return measurements
}

/** Processes begin all at once: most of a start is the runtime's. Then models load one after the other, unless told otherwise. */
async function startAll(
  contenders: readonly Contender[],
  measurements: readonly Measurement[],
  generation: number,
  {startTogether}: Protocol,
  options: RaceOptions,
): Promise<Runner[]> {
  const runners: Runner[] = []
  const entries = inTurn([...contenders.entries()], generation).map(([index, contender]) => {
    return {index, contender, measurement: measurements[index] as Measurement}
  })
  const begun = await Promise.all(
    entries.map(({contender, measurement}) => attempt(measurement, options, () => contender.begin())),
  )
  const load = async ({index, measurement}: (typeof entries)[number], i: number): Promise<void> => {
    const process = await attempt(measurement, options, async () => begun[i]?.load())
    if (!process) return begun[i]?.close()
    measurement.beginProcess(process.loadMs)
    runners.push({index, process, measurement, latencyMs: 0})
  }
  if (startTogether) await Promise.all(entries.map(load))
  else for (const [i, entry] of entries.entries()) await load(entry, i)
  return runners.sort((a, b) => a.index - b.index)
}

/** @returns undefined when it failed, or is not wanted any more; the measurement knows why. */
async function attempt<T>(
  measurement: Measurement,
  {signal}: RaceOptions,
  step: () => Promise<T>,
): Promise<T | undefined> {
  if (measurement.error !== undefined || signal?.aborted) return undefined
  try {
    return await step()
  } catch (error) {
    measurement.fail(error)
    return undefined
  }
}

async function warmUpAll(
  runners: readonly Runner[],
  warmup: Warmup,
  first: boolean,
  options: RaceOptions,
): Promise<Probe> {
  let probe: Probe = {latencyMs: 0, warmupMs: 0}
  for (const runner of runners) {
    await guarded(runner, options, async () => {
      const warmupMs = await warmUp(runner, warmup, first)
      const latencyMs = Math.max(probe.latencyMs, runner.latencyMs)
      probe = {latencyMs, warmupMs: Math.max(probe.warmupMs, warmupMs)}
    })
  }
  return {...probe, latencyMs: Math.max(probe.latencyMs, 1e-4)}
}

/**
 * @param careful whether a single run is not enough to know the latency: on webgpu the first one compiles shaders for seconds.
 * @returns how long it took.
 */
async function warmUp(runner: Runner, warmup: Warmup, careful: boolean): Promise<number> {
  const {process, measurement} = runner
  const request =
    'ms' in warmup
      ? {budgetMs: warmup.ms, maxRuns: Number.MAX_SAFE_INTEGER}
      : {budgetMs: Number.MAX_SAFE_INTEGER, maxRuns: Math.max(1, warmup.runs)}
  let block = await process.timeBlock({...request, skip: 0})
  let wallMs = block.wallMs
  if (careful && block.latenciesMs.length < 2) {
    block = await process.timeBlock({budgetMs: 0, maxRuns: 1, skip: 0})
    wallMs += block.wallMs
  }
  runner.latencyMs = Math.min(...Array.from(block.latenciesMs))
  measurement.spend(wallMs)
  return wallMs
}

async function playRound(runners: readonly Runner[], block: Block, options: RaceOptions): Promise<void> {
  for (const runner of runners) {
    await guarded(runner, options, async () => {
      const skip = runsToSkip(runner.latencyMs)
      const budgetMs = block.budgetMs + skip * runner.latencyMs
      runner.measurement.addBlock(await runner.process.timeBlock({budgetMs, maxRuns: block.maxRuns, skip}))
    })
  }
}

/** Runs a step of one model; its failure ends that model's race, not the others'. An abort ends everything. */
async function guarded(runner: Runner, options: RaceOptions, step: () => Promise<void>): Promise<void> {
  if (failed(runner)) return
  try {
    options.signal?.throwIfAborted()
    await step()
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason
    runner.measurement.fail(error)
  }
}

function failed({measurement}: Runner): boolean {
  return measurement.error !== undefined
}

/** Forward in even turns, backward in odd ones: what drifts hits both ends alike. */
function inTurn<T>(items: readonly T[], turn: number): T[] {
  return turn % 2 === 0 ? [...items] : [...items].reverse()
}

function isOverdue(measurements: readonly Measurement[], maxTimeMs: number): boolean {
  return measurements.some(({spentMs}) => spentMs > maxTimeMs)
}
