import type {BatchInput, Dataset} from '../../data/dataset.js'
import {openData} from '../../data/open-data.js'
import {DataError, UsageError} from '../../errors.js'
import {isSingleScore, thresholdOf} from '../../metrics/class-scores.js'
import type {Metric} from '../../metrics/metric.js'
import {METRICS} from '../../metrics/registry.js'
import {OutputSession} from '../../runtime/session/output-session.js'
import {readTeacher} from '../teacher/teacher-rows.js'
import {KEPT_BYTES} from './kept-bytes.js'
import type {EvalSpec, TrainRequest} from './train-request.js'

/** Measures weights on held-out data. */
export interface Judge {
  readonly metric: Metric
  /** The metric of the weights as they are now. */
  judge(): Promise<number>
}

/**
 * @param forward the model with its weights as inputs.
 * @param weights bound to it; the caller changes their contents.
 * @throws UsageError for an unknown metric, DataError when the data has no labels.
 */
export async function openJudge(
  forward: Uint8Array,
  request: TrainRequest & {readonly evaluation: EvalSpec},
  weights: Readonly<Record<string, BatchInput>>,
): Promise<Judge> {
  const {evaluation, settings, name, output} = request
  const metric = metricOf(evaluation)
  const session = await OutputSession.open(forward, settings, {bound: weights, output}, name)
  const dataset = await openData(evaluation.data, session.inputs, {keepBytes: KEPT_BYTES})
  const compute = measureOf(metric, evaluation, dataset.labels)
  return {
    metric,
    async judge() {
      const {data, shape} = await outputsOf(session, dataset, evaluation.batch)
      return compute(data, shape)
    },
  }
}

/** Against labels, or against what a teacher gave. */
function measureOf(
  metric: Metric,
  {data: {path}, reference}: EvalSpec,
  labels: Float64Array | undefined,
): (data: Float32Array, shape: readonly number[]) => number {
  if (reference) {
    const wanted = readTeacher(reference)
    return (data, shape) => againstTeacher(metric, data, shape, wanted)
  }
  if (metric.needs === 'labels' && labels) return (data, shape) => metric.compute(data, shape, labels).value
  throw new DataError(`${path}: expected labels for the metric ${metric.name}, found none`, {
    hint: 'Name the file that holds them with --labels',
  })
}

/** How near outputs are to a teacher's: the share of equal decisions, or an error of all numbers, whatever their shape. */
export function againstTeacher(
  metric: Metric,
  data: Float32Array,
  shape: readonly number[],
  teacher: Float32Array,
): number {
  if (metric.needs === 'labels') return metric.compute(data, [data.length], teacher).value
  if (!isSingleScore(shape)) return metric.compute(data, shape, teacher).value
  return metric.compute(decisions(data), shape, decisions(teacher)).value
}

/** Scores and probabilities each by their own threshold: a student may end with a Sigmoid whose teacher was asked before his. */
function decisions(scores: Float32Array): Float32Array {
  const threshold = thresholdOf(scores)
  return scores.map((score) => (score > threshold ? 1 : -1))
}

async function outputsOf(
  session: OutputSession,
  dataset: Dataset,
  batchSize: number,
): Promise<{data: Float32Array; shape: readonly number[]}> {
  let data: Float32Array | undefined
  let shape: readonly number[] = []
  let done = 0
  for await (const {inputs, size} of dataset.batches(batchSize)) {
    const part = await session.run(inputs)
    const rowLength = part.data.length / (part.shape[0] ?? 1)
    shape = [dataset.sampleCount, ...part.shape.slice(1)]
    data ??= new Float32Array(dataset.sampleCount * rowLength)
    data.set(part.data.subarray(0, size * rowLength), done * rowLength)
    done += size
  }
  return {data: data ?? new Float32Array(0), shape}
}

function metricOf({metric: name, reference}: EvalSpec): Metric {
  const metric = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined
  if (metric && (metric.needs === 'labels' || reference)) return metric
  const known = Object.values(METRICS).filter(({needs}) => needs === 'labels')
  throw new UsageError(`metric '${name}': expected one that needs labels`, {
    hint: `Choose one of ${known.map((one) => one.name).join(', ')}`,
  })
}
