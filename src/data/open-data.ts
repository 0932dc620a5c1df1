import {basename} from 'node:path'
import {DataError} from '../errors.js'
import {batchesOf} from './batches.js'
import {checkFeeds} from './check-feeds.js'
import type {DataSpec, Dataset, InputPort} from './dataset.js'
import {openDataFile} from './file-kind.js'
import {openIdx} from './idx.js'
import {feedOf, requireImages} from './input-feed.js'
import {findLabelsBeside, readLabels} from './labels.js'
import {type DataArrays, matchArrays} from './match-arrays.js'
import {openNpy} from './npy.js'
import {openNpz} from './npz.js'
import type {SampleArray} from './sample-array.js'
import {sampleOrder} from './sample-order.js'

interface OpenOptions {
  /** Ends a reading of batches with its reason. */
  readonly signal?: AbortSignal
}

/**
 * Opens data for a model's inputs: npz, npy, or IDX, the last two also gzipped. Reads headers and labels only;
 * samples are read, converted and checked batch by batch.
 *
 * @param inputs every input of the model that the data has to feed.
 * @throws FileError when a file is missing, empty, a folder or of a kind that is not read.
 * @throws DataError when the data does not fit; wrong values in the samples show while batches are read.
 */
export async function openData(
  spec: DataSpec,
  inputs: readonly InputPort[],
  options: OpenOptions = {},
): Promise<Dataset> {
  const data = await openArrays(spec.path)
  const match = matchArrays(data, inputs, spec.map ?? {})
  const preprocess = spec.preprocess ?? {}
  const feeds = match.inputs.map(({array, input}) => feedOf(array, input, preprocess))
  requireImages(feeds, preprocess)
  const {total, fixedBatch} = checkFeeds(feeds, spec.path)
  const order = sampleOrder(total, spec, spec.path)
  const labels = await findLabels(spec, match.labels)
  return {
    sampleCount: order.count,
    labels: labels.array && (await readLabels(labels.array, total, order)),
    notes: [...match.notes, ...feeds.flatMap((feed) => feed.notes), ...labels.notes],
    batches: (batchSize) => batchesOf(feeds, order, {batchSize, fixedBatch, signal: options.signal}),
  }
}

async function openArrays(path: string): Promise<DataArrays> {
  const {kind, bytes} = await openDataFile(path)
  if (kind === 'npz') return {path, ...(await openNpz(path))}
  const name = basename(path)
  const array = kind === 'npy' ? await openNpy(bytes, name) : await openIdx(bytes, name)
  return {path, arrays: [array], unreadable: new Map()}
}

async function findLabels(
  spec: DataSpec,
  inside: SampleArray | undefined,
): Promise<{array: SampleArray | undefined; notes: string[]}> {
  const path = spec.labels ?? (inside ? undefined : await findLabelsBeside(spec.path))
  if (path === undefined) return {array: inside, notes: []}
  const {arrays, unreadable} = await openArrays(path)
  const named = arrays.find(({name}) => ['label', 'labels', 'y'].includes(name))
  const array = named ?? (arrays.length === 1 ? arrays[0] : undefined)
  if (!array)
    throw [...unreadable.values()][0] ?? new DataError(`${path}: expected one array of labels, got ${arrays.length}`)
  const notes = inside ? [`labels come from ${path}, '${inside.name}' in ${spec.path} is ignored`] : []
  return {array, notes}
}
