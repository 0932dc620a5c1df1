import {areDecided, type Measurement} from '../../bench/measurement.js'
import {DEFAULT_WARMUP, type Protocol, race} from '../../bench/protocol.js'
import {exactSchedule, fullSchedule} from '../../bench/schedule.js'
import type {Contender} from '../../bench/timed-process.js'
import type {DataSpec, InputPort} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {MoptError, UnsupportedError} from '../../errors.js'
import type {BenchOptions} from '../../options/bench.js'
import type {InputSource} from '../../runtime/session/session-settings.js'
import {modelStarts} from '../../runtime/time/model-starts.js'
import type {BenchModel} from './models.js'

/** One combination of provider, batch and threads. */
export interface Setting {
  readonly provider: string
  readonly batch: number
  readonly threads: number
}

/** Runs that are timed at least when the user did not say. */
const MIN_RUNS = 100

/** Every combination, batches and threads inside providers. */
export function settingsOf({run: {providers, threadCounts}}: BenchOptions, batches: readonly number[]): Setting[] {
  return providers.flatMap((provider) =>
    batches.flatMap((batch) => threadCounts.map((threads) => ({provider, batch, threads}))),
  )
}

/** What a model is fed while it is timed. @throws MoptError when the model cannot take such a batch, or no input can be made up. */
export function sourceOf(model: BenchModel, batch: number, data: DataSpec | undefined, seed: number): InputSource {
  if (model.failure) throw model.failure
  const plan = model.plans.get(batch)
  if (!data && plan instanceof MoptError) throw plan
  requireBatch(model, batch)
  return data
    ? {kind: 'data', spec: data, limit: batch}
    : {kind: 'synthetic', plan: Array.isArray(plan) ? plan : [], seed}
}

/** @throws UnsupportedError when the first input's first dimension is fixed at something else. */
function requireBatch({inputs: [first], plans}: BenchModel, batch: number): void {
  const declared = first?.shape?.[0]
  const plan = plans.get(batch)
  const planned = Array.isArray(plan) ? plan.find(({name}) => name === first?.name)?.shape : undefined
  const rows = typeof declared === 'number' ? declared : (planned?.[0] ?? batch)
  if (rows === batch) return
  throw new UnsupportedError(`the batch of its input '${first?.name}' is fixed at ${rows}, not ${batch}`, {
    hint: `${rows > 0 ? `use --batch ${rows}` : timesNothing(first, planned)}, or export the model with a free first dimension`,
  })
}

/** A batch counts from 1; an input without elements can still be timed, by its whole shape. */
function timesNothing(port: InputPort | undefined, planned: readonly number[] | undefined): string {
  const shape = planned ?? port?.shape?.map((size) => (typeof size === 'number' ? size : 1))
  return `time it without elements by its whole shape and no --batch: --input-shape ${port?.name}=${shape}`
}

/** What a timing needs to know besides the options. */
export interface TimingTask {
  readonly data: DataSpec | undefined
  /** Measures its whole time, for a budget that judges more than the verdict. */
  readonly isThorough: boolean
}

/** Times all models against each other under one setting. @returns a measurement per model; failures are inside. */
export async function timeModels(
  models: readonly BenchModel[],
  setting: Setting,
  task: TimingTask,
  options: BenchOptions,
  {progress, signal}: Effects,
): Promise<Measurement[]> {
  const {provider, batch, threads} = setting
  const contenders = models.map((model) => contenderOf(model, setting, task.data, options, signal))
  const label = `timing on ${provider}, batch ${batch}, threads ${threads}`
  progress(label, 0, 0)
  const onProgress = (done: number, total: number): void => progress(label, done, total)
  return race(contenders, protocolOf(options, task), {signal, onProgress})
}

/** A model that cannot be fed fails like one that does not load. */
function contenderOf(
  model: BenchModel,
  {provider, batch, threads}: Setting,
  data: DataSpec | undefined,
  {run: {dims, seed}}: BenchOptions,
  signal: AbortSignal,
): Contender {
  try {
    const source = sourceOf(model, batch, data, seed)
    return modelStarts(model.path, {provider, threads, dims}, {source, batch, signal})
  } catch (error) {
    return {begin: () => Promise.reject(error)}
  }
}

/** It may end early where nobody counts the runs, and every model has its least time and is decided. */
function protocolOf({bench}: BenchOptions, {isThorough}: TimingTask): Protocol {
  const {runs, minTimeMs, maxTimeMs, warmup = DEFAULT_WARMUP, minEffect} = bench
  if (runs !== undefined) return {warmup, planner: exactSchedule(runs), maxTimeMs}
  const planner = fullSchedule({minRuns: MIN_RUNS, minTimeMs, maxTimeMs})
  const hasItsLeast = (one: Measurement): boolean => one.runs >= MIN_RUNS && one.timedMs >= minTimeMs
  const isEnough = (all: readonly Measurement[]): boolean =>
    all.every((one) => one.error !== undefined || hasItsLeast(one)) && areDecided(all, minEffect)
  return {warmup, planner, maxTimeMs, isEnough: isThorough ? undefined : isEnough}
}
