import type {Budget} from '../../bench/budget.js'
import type {DataSpec} from '../../data/dataset.js'
import {openData} from '../../data/open-data.js'
import type {Effects} from '../../effects.js'
import {DataError, UsageError} from '../../errors.js'
import {chooseMetric} from '../../judge/choose-metric.js'
import {agreementIn, type Judged, judge as judgeModel} from '../../judge/judge.js'
import {judgeOutputs} from '../../judge/judge-outputs.js'
import {lowFidelity} from '../../judge/low-fidelity.js'
import type {Metric, MetricResult} from '../../metrics/metric.js'
import {METRICS} from '../../metrics/registry.js'
import type {BenchOptions} from '../../options/bench.js'
import type {Fidelity, Warning} from '../../results.js'
import type {Evaluation} from '../../runtime/evaluate/evaluate.js'
import type {InputSource} from '../../runtime/session/session-settings.js'
import type {BenchModel} from './models.js'

/** What one model answered on the data, on one provider. */
export interface Accuracy {
  /** metric name → value; null where the outputs could not be judged. */
  readonly values: ReadonlyMap<string, MetricResult | null>
  readonly evalBatch: number
  /** Its outputs beside the baseline's, where they were compared. */
  readonly fidelity?: Fidelity | undefined
}

/** All models' metrics, per provider. */
export interface Judgement {
  /** In the order asked for; the first is the one that budgets go by. */
  readonly metrics: readonly Metric[]
  readonly samples: number
  /** Key: {@link accuracyKey}. A model that could not run is absent: its timing says why. */
  readonly accuracies: ReadonlyMap<string, Accuracy>
  /** What the first model answered, under the first provider that it ran on. */
  readonly baseline?: Evaluation | undefined
  readonly warnings: readonly Warning[]
}

/** What to judge by. */
export interface JudgedBy {
  readonly data: DataSpec | undefined
  /** Metrics by request; when empty, by the labels. */
  readonly wanted: readonly Metric[]
  readonly budget: Budget | undefined
}

export function accuracyKey(model: BenchModel, provider: string): string {
  return `${provider} ${model.name}`
}

/**
 * Runs the data through every model, once per provider, and computes the metrics; and holds outputs against the baseline's, where
 * agreement is a metric or a budget limits what is lost.
 *
 * @throws DataError when the data does not fit, UsageError for a metric that needs what is not there; InterruptedError.
 */
export async function judge(
  models: readonly BenchModel[],
  by: JudgedBy,
  options: BenchOptions,
  effects: Effects,
): Promise<Judgement> {
  const [baseline] = models
  const metrics = by.data && baseline ? await metricsFor(baseline, by.data, by.wanted, models.length) : []
  const comparesOutputs = metrics.includes(AGREEMENT) || limitsLoss(by.budget)
  const accuracies = new Map<string, Accuracy>()
  const warnings = new Map<string, Warning>()
  let samples = 0
  let first: Evaluation | undefined
  for (const provider of options.run.providers) {
    let reference: Judged | undefined
    const numbers = metrics.filter((metric) => metric !== AGREEMENT)
    const run: Run = {provider, by, options, effects, metrics: numbers}
    for (const model of models) {
      const rows = options.judge.evalBatch ?? model.evalBatch
      const own = numbers.length > 0 ? await tryEvaluate(model, rows, run) : undefined
      if (model === baseline) reference = own
      first ??= reference?.answers
      const values = new Map<string, MetricResult | null>()
      for (const metric of own ? numbers : []) {
        const result = own?.valueBy(metric, reference?.answers)
        if (result) values.set(metric.name, result)
      }
      const fidelity = comparesOutputs && baseline ? await tryCompare(baseline, model, run) : undefined
      if (metrics.includes(AGREEMENT) && fidelity)
        values.set(AGREEMENT.name, agreementOf(fidelity, options.judge.outputName))
      for (const message of own?.answers.notes ?? []) warnings.set(message, {code: 'DATA_NOTE', message})
      for (const warning of fidelity && model !== baseline ? lossWarnings(model, fidelity) : [])
        warnings.set(warning.message, warning)
      samples = own?.answers.samples ?? fidelity?.samples ?? samples
      if (own || fidelity) accuracies.set(accuracyKey(model, provider), {values, evalBatch: rows, fidelity})
    }
  }
  return {metrics, samples, accuracies, baseline: first, warnings: [...warnings.values()]}
}

const AGREEMENT = METRICS.agreement as Metric

interface Run {
  readonly provider: string
  readonly by: JudgedBy
  readonly options: BenchOptions
  readonly effects: Effects
  /** Those of one output's numbers. */
  readonly metrics: readonly Metric[]
}

/** By request, or by the labels; one model alone has nothing to agree with. */
async function metricsFor(
  baseline: BenchModel,
  data: DataSpec,
  wanted: readonly Metric[],
  modelCount: number,
): Promise<readonly Metric[]> {
  if (wanted.length > 0) return wanted
  // those inputs are left that no constant feeds
  const {feeds: _, ...samples} = data
  const {labels} = await openData(samples, baseline.inputs)
  const metric = await chooseMetric(labels)
  return metric === AGREEMENT && modelCount === 1 ? [] : [metric]
}

function limitsLoss(budget: Budget | undefined): boolean {
  return budget?.minAgreement !== undefined || budget?.minSqnr !== undefined
}

/** @returns undefined when the model does not load or run: its rows fail by their timing, with the reason. */
async function tryEvaluate(
  model: BenchModel,
  rows: number,
  {provider, by, options, effects}: Run,
): Promise<Judged | undefined> {
  const {signal, progress} = effects
  const {data} = by
  if (!data) return undefined
  const {
    run: {threadCounts, dims},
    judge: {outputName},
  } = options
  const settings = {provider, threads: threadCounts[0] ?? 1, dims}
  const onProgress = (done: number, total: number) => progress(`evaluating ${model.name}`, done, total)
  return unlessItFails(model, signal, () => {
    return judgeModel(model.path, settings, {data, batch: rows, outputName, signal, onProgress})
  })
}

/** @returns undefined when one of the two does not load or run. */
async function tryCompare(
  baseline: BenchModel,
  model: BenchModel,
  {provider, by, options, effects}: Run,
): Promise<Fidelity | undefined> {
  const {signal, progress} = effects
  const source = sourceOf(baseline, by, options)
  if (!source || baseline.failure) return undefined
  const {
    run: {threadCounts, dims},
    judge: {outputKinds: wanted, evalBatch},
  } = options
  const settings = {provider, threads: threadCounts[0] ?? 1, dims}
  const batch = evalBatch ?? Math.min(baseline.evalBatch, model.evalBatch)
  const onProgress = (done: number, total: number) => progress(`comparing ${model.name}`, done, total)
  const judging = {source, batch, wanted, against: 'input', signal, onProgress} as const
  return unlessItFails(model, signal, async () => {
    return (await judgeOutputs(baseline.path, model.path, settings, judging)).fidelity
  })
}

function sourceOf({plans}: BenchModel, {data}: JudgedBy, {run: {seed}}: BenchOptions): InputSource | undefined {
  if (data) return {kind: 'data', spec: data}
  const [plan] = plans.values()
  return Array.isArray(plan) ? {kind: 'synthetic', plan, seed} : undefined
}

async function unlessItFails<T>(
  model: BenchModel,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (model.failure) return undefined
  try {
    return await work()
  } catch (error) {
    if (signal.aborted || error instanceof DataError || error instanceof UsageError) throw error
    return undefined
  }
}

function agreementOf(fidelity: Fidelity, outputName: string | undefined): MetricResult | null {
  const value = agreementIn(fidelity, outputName)
  return value === null ? null : {value}
}

/** By name: a bench has several models. */
function lossWarnings({name}: BenchModel, fidelity: Fidelity): Warning[] {
  const remedy = 'make it again with less of a change, or accept what the table says'
  return lowFidelity(fidelity, remedy).map((warning) => ({...warning, message: `${name}: ${warning.message}`}))
}
