import {type Measurement, PERCENTILES} from '../../bench/measurement.js'
import {type Estimate, verdictOf} from '../../bench/statistics.js'
import type {BenchRow, Relative} from '../../results.js'
import type {NodeProfile} from '../../runtime/profile/profile-task.js'
import type {Accuracy} from './accuracy.js'
import type {BenchModel} from './models.js'
import type {Setting} from './timing.js'

/** Everything that is known about one model under one setting. */
export interface RowSource {
  readonly model: BenchModel
  readonly setting: Setting
  readonly measurement: Measurement
  readonly accuracy: Accuracy | undefined
  readonly profile: NodeProfile | undefined
}

export interface RowOptions {
  readonly minEffect: number
  /** The metric that `relative.metric` goes by. */
  readonly firstMetric: string | undefined
  /** Whether the rows list the operators' times. */
  readonly profile: boolean
}

/** The row of the result. @param baseline undefined when this is the baseline. */
export function benchRow(source: RowSource, baseline: RowSource | undefined, options: RowOptions): BenchRow {
  const {model, setting, measurement, accuracy, profile} = source
  const {name, sizeBytes, compressedBytes, parameters, sparsity} = model
  const file = {model: name, ...setting, sizeBytes, compressedBytes, parameters, sparsity}
  const relative = baseline ? relativeTo(source, baseline, options) : null
  return {
    ...file,
    ...timingOf(measurement, setting.batch, model),
    nodesByProvider: {...profile?.nodesByProvider},
    ...accuracyOf(accuracy),
    relative,
    ...(options.profile &&
      profile && {
        profile: profile.byOp.map(({op, provider, durUs, count}) => ({op, provider, durationUs: durUs, count})),
      }),
  }
}

type Figures = Pick<
  BenchRow,
  'status' | 'error' | 'loadMs' | 'latencyMs' | 'latencyIntervals' | 'throughput' | 'peakRssBytes'
>

function timingOf(measurement: Measurement, batch: number, {path, name}: BenchModel): Figures {
  const {error} = measurement
  if (error !== undefined) {
    const nothing = {loadMs: null, latencyMs: null, latencyIntervals: {}, throughput: null, peakRssBytes: null}
    // a report is read elsewhere: the model goes by its name
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(path, name)
    return {status: 'failed', error: reason, ...nothing}
  }
  const summary = measurement.summary()
  return {
    status: 'ok',
    loadMs: measurement.loadMs,
    latencyMs: {...summary, processes: measurement.processes},
    latencyIntervals: Object.fromEntries(PERCENTILES.map((name) => [name, ends(measurement.interval(name))])),
    throughput: (1000 * batch) / summary.mean,
    peakRssBytes: measurement.peakRssBytes,
  }
}

/** One process gives no interval. */
function ends({low, high}: Estimate): [number | null, number | null] {
  return Number.isFinite(high) ? [low, high] : [null, null]
}

type Accuracies = Pick<BenchRow, 'metrics' | 'metricIntervals' | 'evalBatch' | 'fidelity'>

function accuracyOf(accuracy: Accuracy | undefined): Accuracies {
  const metrics: BenchRow['metrics'] = {}
  const metricIntervals: BenchRow['metricIntervals'] = {}
  for (const [name, result] of accuracy?.values ?? []) {
    const {value, low, high} = result ?? {value: Number.NaN}
    metrics[name] = Number.isFinite(value) ? value : null
    if (low !== undefined && high !== undefined) metricIntervals[name] = [low, high]
  }
  return {metrics, metricIntervals, evalBatch: accuracy?.evalBatch ?? null, fidelity: accuracy?.fidelity ?? null}
}

function relativeTo(source: RowSource, baseline: RowSource, {minEffect, firstMetric}: RowOptions): Relative {
  const ratio =
    baseline.measurement.error === undefined && source.measurement.error === undefined && source.measurement.ratio()
  const value = firstMetric === undefined ? undefined : source.accuracy?.values.get(firstMetric)?.value
  const reference = firstMetric === undefined ? undefined : baseline.accuracy?.values.get(firstMetric)?.value
  return {
    latency:
      ratio && Number.isFinite(ratio.high)
        ? {
            ratio: ratio.point,
            low: ratio.low,
            high: ratio.high,
            speedup: 1 / ratio.point,
            verdict: verdictOf(ratio, minEffect),
          }
        : null,
    size: source.model.sizeBytes / baseline.model.sizeBytes,
    metric:
      value !== undefined && reference !== undefined && Number.isFinite(value - reference) ? value - reference : null,
  }
}
