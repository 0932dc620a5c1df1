import {basename, join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeVariant} from '../../io/write-variant.js'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import type {Answer} from '../child/start-child.js'
import {task} from '../child/task.js'
import type {BatchAxes} from '../inputs/batch-axis.js'
import type {SessionSettings} from '../session/session-settings.js'
import type {CalibrateReply, Range} from './calibrate-task.js'
import {entropyRange} from './entropy-range.js'
import {Histogram, type HistogramData} from './histogram.js'
import {mseRange} from './mse-range.js'
import {percentileRange} from './percentile-range.js'
import {addRangeOutputs, type RangeOutputs} from './range-outputs.js'

const CALIBRATE = task<typeof import('./calibrate-task.js').calibrate>(
  'runtime/calibrate/calibrate-task',
  'calibrate',
  {
    leavesNothing: true,
  },
)

/** How a range is taken from the values that a tensor had: all of them, or the tails cut where each criterion says. */
export type CalibrationMethod = 'minmax' | 'percentile' | 'entropy' | 'mse'

export interface CalibrateOptions extends RunControl {
  readonly data: DataSpec
  /** Names of graph inputs or node outputs to measure, float. */
  readonly tensors: readonly string[]
  readonly method: CalibrationMethod
  /** Further methods, whose ranges come of the same pass over the data. */
  readonly also?: readonly CalibrationMethod[] | undefined
  /** 50..100, such as 99.99: how many per cent of the values stay inside the range; for `percentile` only. */
  readonly percentile: number
  /** Samples at most; all of the data when absent. */
  readonly limit?: number | undefined
  /** Rows per run; chosen by the size of the activations when absent. The ranges do not depend on it but for rounding. */
  readonly batch?: number | undefined
  /** Of the tensors, where they are known: what a histogram of a filled-up batch counts. */
  readonly batchAxes?: BatchAxes | undefined
  /** Child processes that share the samples and the threads; 1 when absent. The ranges do not depend on it. */
  readonly processes?: number | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface CalibratedRanges {
  /** In the order of `tensors`, without those that never had an element. */
  readonly ranges: ReadonlyMap<string, Range>
  /** The same by one of the methods that were asked for. */
  rangesBy(method: CalibrationMethod): ReadonlyMap<string, Range>
  readonly samples: number
  readonly notes: readonly string[]
  /** Of all child processes together. */
  readonly peakRssBytes: number
}

/**
 * Measures the ranges of activations over the data, in child processes whose memory does not grow with the number of samples.
 *
 * @returns the ranges as seen; zero is not forced into them.
 * @throws DataError when there is no sample or a tensor becomes NaN or infinite, and as `evaluate`.
 */
export async function calibrate(
  path: string,
  settings: SessionSettings,
  options: CalibrateOptions,
): Promise<CalibratedRanges> {
  return withTempFolder(async (folder) => {
    const measuring = join(folder, 'measuring.onnx')
    const outputs = await writeMeasuring(path, measuring, options)
    const answers = await runParts(basename(path), {path: measuring, outputs, settings}, options)
    const replies = answers.map(({output}) => output)
    const seen = options.tensors.map((tensor) => merged(tensor, replies))
    const rangesBy = (method: CalibrationMethod) =>
      new Map(seen.flatMap((one) => (one ? [[one.tensor, rangeOf(one, method, options.percentile)]] : [])))
    return {
      ranges: rangesBy(options.method),
      rangesBy,
      samples: replies.reduce((sum, {samples}) => sum + samples, 0),
      notes: replies[0]?.notes ?? [],
      peakRssBytes: answers.reduce((sum, {peakRssBytes}) => sum + peakRssBytes, 0),
    }
  })
}

/** The runtime maps external weights into memory: the processes share them, and never hold a file and its contents at once. */
async function writeMeasuring(path: string, target: string, options: CalibrateOptions): Promise<RangeOutputs[]> {
  const {tensors, signal} = options
  const needsValues = methodsOf(options).some((method) => method !== 'minmax')
  const outputs = await writeVariant(path, target, ({model}) => addRangeOutputs(model.graph, tensors, needsValues), {
    externalData: 'always',
    signal,
  })
  return outputs.map((names) => ({...names, batchAxis: options.batchAxes?.[names.tensor]}))
}

interface Measuring {
  readonly path: string
  readonly outputs: readonly RangeOutputs[]
  readonly settings: SessionSettings
}

/** The first error ends the other processes too. */
async function runParts(
  name: string,
  {settings, ...model}: Measuring,
  {limit, batch, processes = 1, ...options}: CalibrateOptions,
): Promise<Answer<CalibrateReply>[]> {
  const data = limit === undefined ? options.data : {...options.data, limit}
  const shared = {...settings, threads: Math.max(1, Math.floor(settings.threads / processes))}
  const failed = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal
  const done = new Array<number>(processes).fill(0)
  const runs = done.map(async (_, index) => {
    const onProgress = (samples: number, total: number): void => {
      done[index] = samples
      options.onProgress?.(
        done.reduce((sum, part) => sum + part, 0),
        total,
      )
    }
    const request = {...model, settings: shared, data, batch, part: {index, count: processes}}
    const control = {...options, signal, onProgress}
    return ask(CALIBRATE, request, `calibrating ${name}`, control)
  })
  try {
    return await Promise.all(runs)
  } finally {
    failed.abort()
    await Promise.allSettled(runs)
  }
}

function methodsOf({method, also = []}: CalibrateOptions): readonly CalibrationMethod[] {
  return [method, ...also]
}

/** What all processes saw of a tensor. */
interface Seen {
  readonly tensor: string
  readonly extremes: Range
  readonly histogram: Histogram
}

/** @returns undefined for a tensor that never had an element. */
function merged(tensor: string, replies: readonly CalibrateReply[]): Seen | undefined {
  const seen = replies.flatMap(({observed}) => observed.filter((one) => one.tensor === tensor))
  if (seen.length === 0) return undefined
  const histogram = new Histogram()
  for (const {histogram: part} of seen) if (part) histogram.merge(part)
  const extremes = {min: Math.min(...seen.map(({min}) => min)), max: Math.max(...seen.map(({max}) => max))}
  return {tensor, extremes, histogram}
}

function rangeOf({extremes, histogram}: Seen, method: CalibrationMethod, percentile: number): Range {
  return method === 'minmax' ? extremes : clip(histogram.data(), method, percentile)
}

function clip(data: HistogramData, method: CalibrationMethod, percentile: number): Range {
  if (method === 'entropy') return entropyRange(data)
  if (method === 'mse') return mseRange(data)
  return percentileRange(data, percentile)
}
