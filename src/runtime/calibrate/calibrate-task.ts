import type {InferenceSession, Tensor} from 'onnxruntime-node'
import type {DataSpec, Dataset} from '../../data/dataset.js'
import {DataError} from '../../errors.js'
import type {TaskContext} from '../child/task-context.js'
import {type Rows, realPart} from '../inputs/batch-axis.js'
import {feedBatches, openSamples} from '../inputs/feeds.js'
import {inputPorts} from '../session/ports.js'
import {createSession, runSession} from '../session/session.js'
import type {SessionSettings} from '../session/session-settings.js'
import {toFloat32} from '../session/to-float32.js'
import {Histogram, type HistogramData} from './histogram.js'
import type {RangeOutputs} from './range-outputs.js'

export interface CalibrateRequest {
  /** A model with `outputs` added to it. */
  readonly path: string
  readonly outputs: readonly RangeOutputs[]
  readonly settings: SessionSettings
  readonly data: DataSpec
  /** Which share of the batches this process takes: number `index` of `count`. */
  readonly part: {readonly index: number; readonly count: number}
  /** Rows per run; by the size of the activations when absent. */
  readonly batch: number | undefined
}

export interface Range {
  readonly min: number
  readonly max: number
}

/** What one process saw of one tensor. */
interface Observed extends Range {
  readonly tensor: string
  /** Where `outputs` had the values. */
  readonly histogram: HistogramData | undefined
}

export interface CalibrateReply {
  readonly observed: readonly Observed[]
  /** Samples of this part. */
  readonly samples: number
  readonly notes: readonly string[]
}

/** Some samples in a row. */
interface Share {
  readonly dataset: Dataset
  /** Of the first one, in the whole data. */
  readonly from: number
  readonly rows: number
}

/** A planned arena holds all buffers of a run at once, and no run is faster for it. */
const FRUGAL = {enableMemPattern: false}
/** More rows per run than this gain no speed on CPUs. */
const MAX_ROWS = 16
/** All measured activations of one run together. Eight times as much gains 15 % of time and costs 100 MB. */
const ACTIVATION_LIMIT_BYTES = 8 * 2 ** 20

/**
 * Extremes, and histograms if asked for, of activations over this process's share of the samples, in one pass: the graph finds the
 * extremes of each run itself, and histograms need no range in advance. Memory does not grow with the samples. Optimizations are off:
 * a fused node no longer has the tensors that were asked for, and the fast layouts of convolutions would hold their weights twice.
 */
export async function calibrate(request: CalibrateRequest, context: TaskContext): Promise<CalibrateReply> {
  const {outputs} = request
  const settings = {...request.settings, optimization: 'disabled'} as const
  const session = await createSession(request.path, settings, FRUGAL, 'the model that measures itself')
  const inputs = inputPorts(session, request.settings.dims)
  const all = await openSamples(request.data, inputs)
  const rows = all.fixedBatch ?? request.batch ?? (await chooseRows(session, all, outputs))
  const share = await openShare(request, {all, rows}, (spec) => openSamples(spec, inputs))
  const observers = outputs.map((names) => new Observer(names))
  if (share) await observe(session, share, observers, (done) => context.progress(done, all.sampleCount))
  return {
    observed: observers.flatMap((observer) => observer.observed()),
    samples: share?.dataset.sampleCount ?? 0,
    notes: all.notes,
  }
}

/** As many rows as the activations of one sample allow, measured on the first. */
async function chooseRows(
  session: InferenceSession,
  dataset: Dataset,
  outputs: readonly RangeOutputs[],
): Promise<number> {
  const sizes = outputs.map(({size}) => size)
  for await (const {feeds} of feedBatches(dataset, 1)) {
    const results = await runSession(session, feeds, sizes, 'the model on the first sample')
    const elements = sizes.reduce((sum, size) => sum + scalarIn(results, size), 0)
    const affordable = Math.floor(ACTIVATION_LIMIT_BYTES / Math.max(1, elements * Float32Array.BYTES_PER_ELEMENT))
    return Math.max(1, Math.min(MAX_ROWS, affordable))
  }
  return 1
}

/** Shares end where batches do: every sample is run among the same others, however many processes there are. */
async function openShare(
  {data, part}: CalibrateRequest,
  {all, rows}: {all: Dataset; rows: number},
  open: (spec: DataSpec) => Promise<Dataset>,
): Promise<Share | undefined> {
  const batches = Math.ceil(all.sampleCount / rows)
  const [from, to] = [part.index, part.index + 1].map((index) =>
    Math.min(all.sampleCount, Math.floor((index * batches) / part.count) * rows),
  ) as [number, number]
  if (from === to) return undefined
  const spec = {...data, offset: (data.offset ?? 0) + from, limit: to - from}
  return {dataset: part.count === 1 ? all : await open(spec), from, rows}
}

async function observe(
  session: InferenceSession,
  {dataset, from, rows}: Share,
  observers: readonly Observer[],
  progress: (done: number) => void,
): Promise<void> {
  const fetches = observers.flatMap((observer) => observer.fetches)
  let done = 0
  for await (const {feeds, size, fed} of feedBatches(dataset, rows)) {
    const results = await runSession(session, feeds, fetches, 'the model on the calibration data')
    const first = from + done
    for (const observer of observers) observer.add(results, {first, size, fed})
    done += size
    progress(done)
  }
}

/** Sums up one tensor over the runs. */
class Observer {
  readonly #histogram: Histogram | undefined
  #isFirst = true
  #range: Range | undefined

  constructor(private readonly names: RangeOutputs) {
    this.#histogram = names.values === undefined ? undefined : new Histogram()
  }

  get fetches(): string[] {
    const {min, max, sum, size, values} = this.names
    return values === undefined ? [min, max, sum, size] : [min, max, sum, size, values]
  }

  /** @throws DataError at NaN and infinity. */
  add(results: InferenceSession.OnnxValueMapType, {first, ...rows}: Rows & {readonly first: number}): void {
    const {tensor, min, max, sum, size: elements, values} = this.names
    // the smallest of no elements is infinite
    if (scalarIn(results, elements) === 0) return
    const range = {min: scalarIn(results, min), max: scalarIn(results, max)}
    if (Number.isNaN(scalarIn(results, sum)) || !isFiniteRange(range)) throw nonFinite(tensor, first, rows.size)
    this.#range = union(this.#range, range)
    if (values !== undefined) this.#count(results[values] as Tensor, rows, range)
  }

  /**
   * Copies that only fill up a fixed batch are harmless for extremes, but would weigh in a histogram. Where they cannot be told from
   * samples the run counts only when there is no other.
   */
  #count(tensor: Tensor, rows: Rows, range: Range): void {
    const data = toFloat32(tensor)
    const real = realPart({data, dims: tensor.dims}, rows, this.names.batchAxis)
    if (real) this.#histogram?.add(real.data, range)
    else if (this.#isFirst) this.#histogram?.add(data, range)
    this.#isFirst = false
  }

  /** Nothing when there was no run, or never an element. */
  observed(): Observed[] {
    if (!this.#range) return []
    return [{tensor: this.names.tensor, ...this.#range, histogram: this.#histogram?.data()}]
  }
}

function scalarIn(results: InferenceSession.OnnxValueMapType, name: string): number {
  const {data} = results[name] as Tensor
  return data instanceof BigInt64Array ? Number(data[0]) : (toFloat32(results[name] as Tensor)[0] ?? Number.NaN)
}

/** The smallest range that holds both. */
function union(known: Range | undefined, range: Range): Range {
  if (!known) return range
  return {min: Math.min(known.min, range.min), max: Math.max(known.max, range.max)}
}

function isFiniteRange({min, max}: Range): boolean {
  return Number.isFinite(min) && Number.isFinite(max)
}

function nonFinite(tensor: string, first: number, size: number): DataError {
  return new DataError(
    `tensor '${tensor}': expected finite values, got NaN or infinity in samples ${first}..${first + size - 1}`,
    {
      hint: 'The model itself computes it on this data: check the preprocessing, or look at these samples',
    },
  )
}
