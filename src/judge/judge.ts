import type {DataSpec} from '../data/dataset.js'
import {UsageError} from '../errors.js'
import {elementCount} from '../ir/tensor.js'
import type {Metric, MetricResult} from '../metrics/metric.js'
import type {Fidelity} from '../results.js'
import {type Evaluation, evaluate} from '../runtime/evaluate/evaluate.js'
import type {SessionSettings} from '../runtime/session/session-settings.js'

export interface JudgeOptions {
  readonly data: DataSpec
  /** Rows per run. */
  readonly batch: number
  /** The output that labels are for; the first when absent. */
  readonly outputName?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** What a model answered on samples, and what a metric makes of it. */
export interface Judged {
  readonly answers: Evaluation
  /**
   * @param reference what metrics without labels hold the answers against; nothing came of it when absent.
   * @throws UsageError for a metric of labels where there are none.
   */
  valueBy(metric: Metric, reference: Evaluation | undefined): MetricResult | undefined
}

/**
 * Runs a model over samples, to be judged by any number of metrics: the one way in which every verb asks how good a model is.
 *
 * @throws as `evaluate`.
 */
export async function judge(path: string, settings: SessionSettings, options: JudgeOptions): Promise<Judged> {
  const answers = await evaluate(path, settings, options)
  return {answers, valueBy: (metric, reference) => resultOf(metric, answers, reference)}
}

const NUMBERS = 'add --labels FILE with a number per sample, or --label-column NAME where the data has them'
const NEXT_TOKENS = 'add --label-column NAME with the input of tokens, and each is judged by the next'

/** Where agreement is no way out: outputs that are no classes have no decisions to agree on. */
const HINTS: Readonly<Record<string, string>> = {rmse: NUMBERS, mae: NUMBERS, perplexity: NEXT_TOKENS}

function resultOf(metric: Metric, own: Evaluation, reference: Evaluation | undefined): MetricResult | undefined {
  if (metric.needs === 'baseline') return reference && metric.compute(own.data, own.shape, reference.data)
  if (own.labels) return metric.compute(own.data, rowsOf(own.shape), own.labels)
  throw new UsageError(`--metric ${metric.name}: expected data with labels, got none`, {
    hint: HINTS[metric.name] ?? 'add --labels FILE, or use --metric agreement to compare with the baseline',
  })
}

/** `[N, C, 1, 1]` as `[N, C]`. */
export function rowsOf(shape: readonly number[]): readonly number[] {
  const [samples = 0, ...rest] = shape
  return rest.slice(1).every((size) => size === 1) ? [samples, ...(rest.length > 0 ? [elementCount(rest)] : [])] : shape
}

/** Agreement as a metric: of the output that is judged, or of the worst. Null when it could not be judged. */
export function agreementIn({agreement, outputs}: Fidelity, outputName: string | undefined): number | null {
  const own = outputs.find(({name}) => name === outputName)
  return own ? own.value : agreement
}
