import {basename} from 'node:path'
import {limitsTimes, requireComparable} from '../../bench/budget.js'
import {loadBudget} from '../../bench/budget-file.js'
import type {Measurement} from '../../bench/measurement.js'
import {type RowFacts, rowWarnings, syntheticInput} from '../../bench/warnings.js'
import type {DataSpec} from '../../data/dataset.js'
import {readFeeds} from '../../data/samples/feed-values.js'
import {verifyData} from '../../data/verify-data.js'
import type {Effects} from '../../effects.js'
import {UsageError} from '../../errors.js'
import {loadMetric} from '../../judge/load-metric.js'
import type {Metric} from '../../metrics/metric.js'
import type {BenchOptions} from '../../options/bench.js'
import {benchReport} from '../../report/bench-report.js'
import type {BenchResult, Warning} from '../../results.js'
import {describeInputs} from '../../runtime/inputs/plan-inputs.js'
import {describeMachine} from '../../runtime/providers/describe-machine.js'
import {checkProviders} from '../../runtime/providers/providers.js'
import {checkReports, writeReports} from '../reports/write-reports.js'
import {commandLine} from '../transform/command-line.js'
import {evalSpec, learnSpec} from '../transform/data-specs.js'
import {doubtBaseline} from '../transform/doubt-data.js'
import {accuracyKey, type Judgement, judge} from './accuracy.js'
import {judgeRows} from './budget.js'
import {type BenchModel, readBenchModels} from './models.js'
import {profileModels} from './profile.js'
import {benchRow, type RowSource} from './rows.js'
import {type Setting, settingsOf, timeModels} from './timing.js'

export {benchTables} from '../../report/bench-tables.js'
export {headlines} from '../../report/headline.js'
export {profileTables} from '../../report/profile-tables.js'

/**
 * Measures models against the first one: size, accuracy, latency with its interval, memory, under every combination of provider,
 * batch and threads, and writes the reports. A model that fails becomes a row that says why.
 *
 * @throws UsageError, FileError, DataError for input that cannot be used; ProviderError; the baseline's own error when it runs nowhere.
 */
export async function bench(paths: readonly string[], given: BenchOptions, effects: Effects): Promise<BenchResult> {
  const options = withoutDoubles(given)
  const {
    run,
    output: {reports},
  } = options
  const budget = await loadBudget(options.budget)
  requireComparable(budget, paths.length)
  if (paths.length === 0) throw new UsageError('expected one model or more, got none')
  const metrics = await Promise.all(options.judge.metrics.map(loadMetric))
  await checkReports(reports)
  const fed = {seed: run.seed, feeds: await readFeeds(run.feed)}
  const samples = evalSpec(options.data, fed) ?? learnSpec(options.data, fed)
  const data = samples && (await verifyData(samples, effects.signal))
  requireData(metrics, data)
  await checkProviders(run.providers, {signal: effects.signal})
  const {models, batches} = await readBenchModels(paths, {...run, feeds: fed.feeds})
  const judgement = await judge(models, {data, wanted: metrics, budget}, options, effects)
  const isThorough = budget !== undefined && limitsTimes(budget)
  const judged = {data, judgement, isThorough}
  const doubts = await doubtsOf(models, judged, options, effects)
  const rows = await measure(models, settingsOf(options, batches), judged, options, effects)
  const minEffect = options.bench.minEffect
  const method = methodOf(models, batches, judged, {minEffect, argv: effects.commandLine ?? []})
  const result: BenchResult = {
    schemaVersion: 1,
    command: 'bench',
    warnings: [
      ...(data || method.inputs === NO_INPUTS ? [] : [syntheticInput(method.inputs)]),
      ...judgement.warnings,
      ...doubts,
      ...rowWarnings(rows),
    ],
    machine: describeMachine(),
    method,
    results: rows.map(({row}) => row),
    budget: budget ? judgeRows(rows, method.metric, budget) : null,
  }
  await writeReports(reports, {document: benchReport(result), result})
  return result
}

/** What is asked for twice is measured once. */
function withoutDoubles({run, judge: judging, ...options}: BenchOptions): BenchOptions {
  const {providers, threadCounts, batches} = run
  const once = <T>(list: readonly T[]): T[] => [...new Set(list)]
  return {
    ...options,
    run: {...run, providers: once(providers), threadCounts: once(threadCounts), batches: once(batches)},
    judge: {...judging, metrics: once(judging.metrics)},
  }
}

/** Of a model that has none, or whose sizes are not known. */
const NO_INPUTS = 'none'

/** What models are judged on, and what came of it. */
interface Judged {
  readonly data: DataSpec | undefined
  readonly judgement: Judgement
  readonly isThorough: boolean
}

async function doubtsOf(
  [first]: readonly BenchModel[],
  {data, judgement: {baseline}}: Judged,
  options: BenchOptions,
  effects: Effects,
): Promise<Warning[]> {
  return first && data && baseline ? doubtBaseline(first, data, baseline, options, effects) : []
}

interface MeasuredRow extends RowFacts {
  readonly baseline: RowFacts['row'] | undefined
  readonly measurement: Measurement
}

/** @throws the baseline's error when it fails under every setting: then nothing can be said. */
async function measure(
  models: readonly BenchModel[],
  settings: readonly Setting[],
  judged: Judged,
  options: BenchOptions,
  effects: Effects,
): Promise<MeasuredRow[]> {
  const rows: MeasuredRow[] = []
  for (const setting of settings) {
    const measurements = await timeModels(models, setting, judged, options, effects)
    const profiles = await profileModels(models, measurements, setting, judged.data, options, effects)
    const sources = models.map((model, index): RowSource => {
      const measurement = measurements[index] as Measurement
      const accuracy = judged.judgement.accuracies.get(accuracyKey(model, setting.provider))
      return {model, setting, measurement, accuracy, profile: profiles.get(model)}
    })
    rows.push(...rowsOf(sources, judged.judgement.metrics[0], options))
  }
  const baselines = rows.filter(({baseline}) => baseline === undefined)
  if (baselines.every(({measurement}) => measurement.error !== undefined)) throw baselines[0]?.measurement.error
  return rows
}

function rowsOf(sources: readonly RowSource[], metric: Metric | undefined, options: BenchOptions): MeasuredRow[] {
  const [first] = sources
  const rowOptions = {minEffect: options.bench.minEffect, firstMetric: metric?.name, profile: options.output.profile}
  const baseline = first && benchRow(first, undefined, rowOptions)
  return sources.map((source) => {
    const isBaseline = source === first
    const {measurement, model} = source
    return {
      row: isBaseline && baseline ? baseline : benchRow(source, first, rowOptions),
      baseline: isBaseline ? undefined : baseline,
      measurement,
      cpuShare: measurement.error === undefined ? measurement.cpuShare : undefined,
      isQuantized: model.isQuantized,
      isDynamic: model.isDynamic,
    }
  })
}

function requireData(metrics: readonly Metric[], data: DataSpec | undefined): void {
  if (data || metrics.length === 0) return
  throw new UsageError(`--metric ${metrics[0]?.name}: expected samples to judge on, got none`, {
    hint: 'add --data FILE',
  })
}

function methodOf(
  models: readonly BenchModel[],
  batches: readonly number[],
  {data, judgement}: Judged,
  {argv, minEffect}: {readonly argv: readonly string[]; readonly minEffect: number},
): BenchResult['method'] {
  const [metric] = judgement.metrics
  const name = data ? basename(data.path) : ''
  const plan = models[0]?.plans.get(batches[0] ?? 1)
  const synthetic = Array.isArray(plan) && plan.length > 0 ? describeInputs(plan) : NO_INPUTS
  return {
    commandLine: commandLine(argv),
    inputs: data ? `the first samples of ${name}` : synthetic,
    minEffect,
    metric: metric
      ? {
          name: metric.name,
          direction: metric.direction,
          bounded: metric.bounded,
          data: name,
          samples: judgement.samples,
        }
      : null,
  }
}
