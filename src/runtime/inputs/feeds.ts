import {Tensor} from 'onnxruntime-node'
import type {BatchInput, DataSpec, Dataset, InputPort} from '../../data/dataset.js'
import {DataError} from '../../errors.js'
import type {Feeds} from '../session/session.js'
import type {InputSource} from '../session/session-settings.js'
import {generateInputs} from './generate-inputs.js'

/** How many draws of synthetic values stand for a data set where outputs are compared. */
const SYNTHETIC_DRAWS = 4

/** One batch ready to run. */
export interface FeedBatch {
  readonly feeds: Feeds
  /** Rows that are samples; rows after them are copies of the last one. */
  readonly size: number
  /** Rows in all. */
  readonly fed: number
}

export interface OpenedSource {
  /** Samples in all. */
  readonly total: number
  readonly labels: Float64Array | undefined
  readonly notes: readonly string[]
  batches(): AsyncIterable<FeedBatch>
}

/** Tensors over the arrays of a batch: nothing is copied, and ONNX Runtime does not copy them either. */
export function toFeeds(inputs: Readonly<Record<string, BatchInput>>): Feeds {
  const entries = Object.entries(inputs).map(([name, {dtype, shape, data}]) => {
    return [name, new Tensor(dtype as 'float32', data as Float32Array, shape)] as const
  })
  return Object.fromEntries(entries)
}

/** Opens the samples for a model with these inputs. The code that reads files is loaded only here. */
export async function openSamples(spec: DataSpec, inputs: readonly InputPort[]): Promise<Dataset> {
  const {openData} = await import('../../data/open-data.js')
  const dataset = await openData(spec, inputs)
  if (dataset.sampleCount === 0) {
    throw new DataError(`${spec.path}: expected at least one sample, found none`, {
      hint: 'Check --limit and --offset, and that the file is not empty',
    })
  }
  return dataset
}

/** @param batch wanted rows per run; a model with a fixed first dimension gets that. */
export async function openSource(
  source: InputSource,
  inputs: readonly InputPort[],
  batch: number,
): Promise<OpenedSource> {
  if (source.kind === 'synthetic') return synthetic(source)
  const spec = source.limit === undefined ? source.spec : {...source.spec, limit: source.limit}
  const dataset = await openSamples(spec, inputs)
  const rows = dataset.fixedBatch ?? batch
  return {
    total: dataset.sampleCount,
    labels: dataset.labels,
    notes: dataset.notes,
    batches: () => feedBatches(dataset, rows),
  }
}

/** The first batch alone, for runs that always take the same input. */
export async function firstFeeds(source: InputSource, inputs: readonly InputPort[], batch: number): Promise<Feeds> {
  const opened = await openSource(source, inputs, batch)
  for await (const {feeds} of opened.batches()) return feeds
  throw new DataError('the data gave no batch')
}

export async function* feedBatches(dataset: Dataset, rows: number): AsyncIterable<FeedBatch> {
  for await (const {inputs, size} of dataset.batches(rows)) {
    yield {feeds: toFeeds(inputs), size, fed: dataset.fixedBatch ?? size}
  }
}

function synthetic(source: InputSource & {kind: 'synthetic'}): OpenedSource {
  const {draws = SYNTHETIC_DRAWS} = source
  const rows = source.plan.find((input) => input.shape.length > 0)?.shape[0] ?? 1
  async function* batches(): AsyncIterable<FeedBatch> {
    for (let draw = 0; draw < draws; draw++) {
      yield {feeds: toFeeds(generateInputs(source.plan, source.seed + draw)), size: rows, fed: rows}
    }
  }
  return {total: rows * draws, labels: undefined, notes: [], batches}
}
