import {join} from 'node:path'
import type {InferenceSession, Tensor} from 'onnxruntime-node'
import type {DataSpec, Dataset} from '../../data/dataset.js'
import {DataError} from '../../errors.js'
import {encodeModel} from '../../io/encode-model.js'
import {openModel} from '../../io/open-model.js'
import {feedBatches, openSamples} from '../feeds.js'
import {Histogram} from '../histogram.js'
import {fixedBatchOf, inputPorts} from '../ports.js'
import type {TaskContext} from '../protocol.js'
import {addRangeOutputs, type RangeOutputs} from '../range-outputs.js'
import {createSession, runSession} from '../session.js'
import type {SessionSettings} from '../session-settings.js'
import {toFloat32} from '../to-float32.js'
import {peakRssBytes} from './peak-memory.js'

export interface CalibrateRequest {
  readonly path: string
  readonly settings: SessionSettings
  readonly data: DataSpec
  /** Names of graph inputs or node outputs, float. */
  readonly tensors: readonly string[]
  readonly method: 'minmax' | 'percentile'
  /** 50..100, for `percentile`: how many per cent of the values stay inside the range. */
  readonly percentile: number
  /** Rows per run; by the size of the activations when absent. */
  readonly batch: number | undefined
  /** An existing folder for the measuring model when it is too large to stay in memory; the caller removes it. */
  readonly folder: string
}

export interface Range {
  readonly min: number
  readonly max: number
}

export interface CalibrateReply {
  readonly ranges: ReadonlyMap<string, Range>
  readonly samples: number
  readonly notes: readonly string[]
  readonly peakRssBytes: number
}

interface Calibration {
  readonly session: InferenceSession
  readonly dataset: Dataset
  readonly outputs: readonly RangeOutputs[]
  readonly rows: number
  readonly progress: (done: number) => void
}

/** Beyond this the runtime would hold the model and its encoded bytes at once: it goes through a file instead. */
const IN_MEMORY_LIMIT_BYTES = 64 * 2 ** 20
/** More rows per run than this gain no speed on CPUs. */
const MAX_ROWS = 16
/** All measured activations of one run together. Eight times as much gains 15 % of time and costs 100 MB. */
const ACTIVATION_LIMIT_BYTES = 8 * 2 ** 20

/**
 * Ranges of activations over all samples. The graph measures itself, so memory does not grow with the samples: minmax fetches
 * a few scalars per tensor and run; percentile makes a second pass that fetches the tensors of one batch and keeps 2048 bins each.
 */
export async function calibrate(request: CalibrateRequest, context: TaskContext): Promise<CalibrateReply> {
  const {session, outputs} = await measuringSession(request)
  const inputs = inputPorts(session, request.settings.dims)
  const dataset = await openSamples(request.data, inputs)
  const rows = fixedBatchOf(inputs) ?? request.batch ?? (await chooseRows(session, dataset, outputs))
  const passes = request.method === 'percentile' ? 2 : 1
  const total = dataset.sampleCount * passes
  const progress = (done: number) => context.progress(done, total)
  const calibration = {session, dataset, outputs, rows, progress}
  const extremes = await measureExtremes(calibration)
  const ranges = passes === 2 ? await clipTails(calibration, extremes, request.percentile) : extremes
  return {ranges, samples: dataset.sampleCount, notes: dataset.notes, peakRssBytes: peakRssBytes()}
}

/** Optimizations are off: a fused node no longer has the tensors that were asked for. */
async function measuringSession(
  request: CalibrateRequest,
): Promise<{session: InferenceSession; outputs: RangeOutputs[]}> {
  const opened = await openModel(request.path)
  try {
    const outputs = addRangeOutputs(opened.model.graph, request.tensors, request.method === 'percentile')
    const settings = {...request.settings, optimization: 'disabled'} as const
    const inMemory = opened.sizeBytes <= IN_MEMORY_LIMIT_BYTES
    const file = join(request.folder, 'measuring.onnx')
    if (!inMemory) {
      const {writeModel} = await import('../../io/write-model.js')
      await writeModel(opened.model, file, {force: true, externalData: 'auto'})
    }
    return {
      session: await createSession(
        inMemory ? encodeModel(opened.model) : file,
        settings,
        {},
        'the model that measures itself',
      ),
      outputs,
    }
  } finally {
    opened.close()
  }
}

/** As many rows as the activations of one sample allow, measured on the first. */
async function chooseRows(
  session: InferenceSession,
  dataset: Dataset,
  outputs: readonly RangeOutputs[],
): Promise<number> {
  for await (const {feeds} of feedBatches(dataset, 1)) {
    const results = await runSession(
      session,
      feeds,
      outputs.map(({size}) => size),
      'the model on the first sample',
    )
    const elements = outputs.reduce((sum, {size}) => sum + scalarIn(results, size), 0)
    const affordable = Math.floor(ACTIVATION_LIMIT_BYTES / Math.max(1, elements * Float32Array.BYTES_PER_ELEMENT))
    return Math.max(1, Math.min(MAX_ROWS, affordable))
  }
  return 1
}

async function measureExtremes({session, dataset, outputs, rows, progress}: Calibration): Promise<Map<string, Range>> {
  const ranges = new Map<string, Range>()
  const fetches = outputs.flatMap(({min, max, sum}) => [min, max, sum])
  let done = 0
  for await (const {feeds, size} of feedBatches(dataset, rows)) {
    const results = await runSession(session, feeds, fetches, 'the model on the calibration data')
    for (const {tensor, min, max, sum} of outputs) {
      const range = {min: scalarIn(results, min), max: scalarIn(results, max)}
      if (Number.isNaN(scalarIn(results, sum)) || !isFiniteRange(range)) throw nonFinite(tensor, done, size)
      ranges.set(tensor, union(ranges.get(tensor), range))
    }
    done += size
    progress(done)
  }
  return ranges
}

async function clipTails(
  {session, dataset, outputs, rows, progress}: Calibration,
  extremes: ReadonlyMap<string, Range>,
  percentile: number,
): Promise<Map<string, Range>> {
  const histograms = new Map([...extremes].map(([tensor, {min, max}]) => [tensor, new Histogram(min, max)]))
  const fetches = outputs.flatMap(({values}) => values ?? [])
  let done = 0
  for await (const {feeds, size} of feedBatches(dataset, rows)) {
    const results = await runSession(session, feeds, fetches, 'the model on the calibration data')
    for (const {tensor, values} of outputs) {
      if (values !== undefined) histograms.get(tensor)?.add(realRows(results[values] as Tensor, size))
    }
    done += size
    progress(dataset.sampleCount + done)
  }
  return new Map([...histograms].map(([tensor, histogram]) => [tensor, histogram.range(percentile)]))
}

/** Rows that only fill up a fixed batch repeat the last sample: harmless for extremes, but they would weigh in a histogram. */
function realRows(tensor: Tensor, size: number): Float32Array {
  const data = toFloat32(tensor)
  const [rows = 1] = tensor.dims
  return rows > size ? data.subarray(0, (data.length / rows) * size) : data
}

function scalarIn(results: InferenceSession.OnnxValueMapType, name: string): number {
  const {data} = results[name] as Tensor
  return data instanceof BigInt64Array ? Number(data[0]) : (toFloat32(results[name] as Tensor)[0] ?? Number.NaN)
}

function union(known: Range | undefined, range: Range): Range {
  if (!known) return range
  return {min: Math.min(known.min, range.min), max: Math.max(known.max, range.max)}
}

function isFiniteRange({min, max}: Range): boolean {
  return Number.isFinite(min) && Number.isFinite(max)
}

function nonFinite(tensor: string, done: number, size: number): DataError {
  return new DataError(
    `tensor '${tensor}': expected finite values, got NaN or infinity in samples ${done}..${done + size - 1}`,
    {
      hint: 'The model itself computes it on this data: check the preprocessing, or look at these samples',
    },
  )
}
