import type {DataSpec} from '../data/dataset.js'
import {DataError, UsageError} from '../errors.js'
import type {Metric, MetricResult} from '../metrics/metric.js'
import {METRICS} from '../metrics/registry.js'
import type {Warning} from '../results.js'
import {type Evaluation, evaluate} from '../runtime/evaluate.js'
import type {BenchModel} from './bench-models.js'
import type {BenchOptions} from './bench-options.js'
import type {Effects} from './options.js'

/** What one model answered on the data, on one provider. */
export interface Accuracy {
  /** metric name → value */
  readonly values: ReadonlyMap<string, MetricResult>
  readonly evalBatch: number
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

export const NOT_JUDGED: Judgement = {metrics: [], samples: 0, accuracies: new Map(), warnings: []}

export function accuracyKey(model: BenchModel, provider: string): string {
  return `${provider} ${model.name}`
}

/**
 * Runs the data through every model, once per provider, and computes the metrics.
 *
 * @param wanted metrics by request; when empty: top1 with labels (rmse when they are no classes), else agreement with the baseline.
 * @throws DataError when the data does not fit, UsageError for a metric that needs what is not there; InterruptedError.
 */
export async function judge(
  models: readonly BenchModel[],
  data: DataSpec,
  wanted: readonly Metric[],
  options: BenchOptions,
  effects: Effects,
): Promise<Judgement> {
  const accuracies = new Map<string, Accuracy>()
  const warnings = new Map<string, Warning>()
  let metrics = wanted
  let samples = 0
  let first: Evaluation | undefined
  for (const provider of options.providers) {
    let baseline: Evaluation | undefined
    for (const [index, model] of models.entries()) {
      const rows = options.evalBatch ?? model.evalBatch
      const evaluation = await tryEvaluate(model, provider, {data, rows}, options, effects)
      if (!evaluation) continue
      for (const message of evaluation.notes) warnings.set(message, {code: 'DATA_NOTE', message})
      if (index === 0) baseline = evaluation
      first ??= baseline
      metrics = metrics.length > 0 ? metrics : defaultMetrics(evaluation, models.length)
      samples = evaluation.samples
      const values = new Map(metrics.flatMap((metric) => resultOf(metric, evaluation, baseline)))
      accuracies.set(accuracyKey(model, provider), {values, evalBatch: rows})
    }
  }
  return {metrics, samples, accuracies, baseline: first, warnings: [...warnings.values()]}
}

/** @returns undefined when the model does not load or run: its rows fail by their timing, with the reason. */
async function tryEvaluate(
  model: BenchModel,
  provider: string,
  {data, rows}: {data: DataSpec; rows: number},
  {threadCounts, dims, outputName}: BenchOptions,
  {progress, signal}: Effects,
): Promise<Evaluation | undefined> {
  if (model.failure) return undefined
  const settings = {provider, threads: threadCounts[0] ?? 1, dims}
  const onProgress = (done: number, total: number) => progress(`evaluating ${model.name}`, done, total)
  try {
    return await evaluate(model.path, settings, {data, batch: rows, outputName, signal, onProgress})
  } catch (error) {
    if (signal.aborted || error instanceof DataError || error instanceof UsageError) throw error
    return undefined
  }
}

function defaultMetrics({labels, shape}: Evaluation, modelCount: number): Metric[] {
  const name = labels ? (labels.every(Number.isInteger) ? 'top1' : 'rmse') : 'agreement'
  const isJudgeable = labels !== undefined || (modelCount > 1 && shape.length <= 3)
  const metric = METRICS[name]
  return isJudgeable && metric ? [metric] : []
}

/** @returns nothing for a metric that compares with a baseline that did not run. */
function resultOf(metric: Metric, own: Evaluation, baseline: Evaluation | undefined): [string, MetricResult][] {
  if (metric.needs === 'baseline') {
    return baseline ? [[metric.name, metric.compute(own.data, own.shape, baseline.data)]] : []
  }
  if (!own.labels) {
    throw new UsageError(`--metric ${metric.name}: expected data with labels, got none`, {
      hint: 'add --labels FILE, or use --metric agreement to compare with the baseline',
    })
  }
  return [[metric.name, metric.compute(own.data, own.shape, own.labels)]]
}
