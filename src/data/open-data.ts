import {DataError} from '../errors.js'
import type {DataSpec, Dataset, InputPort, PreprocessSpec} from './dataset.js'
import {withoutSize} from './images/image-size.js'
import {readPreprocessorConfig} from './images/preprocessor-config.js'
import {openArrays} from './open-arrays.js'
import {checkFeeds} from './samples/check-feeds.js'
import {FedInputs} from './samples/fed-inputs.js'
import {checkFeedNames} from './samples/feed-values.js'
import {feedOf, requireImages} from './samples/input-feed.js'
import {keptArray} from './samples/kept-array.js'
import {findLabelsBeside, labelShapeOf, readLabels} from './samples/labels.js'
import {LABEL_NAMES, matchArrays} from './samples/match-arrays.js'
import {readNextTokens} from './samples/next-tokens.js'
import {OpenedSamples} from './samples/opened-samples.js'
import type {SampleArray} from './samples/sample-array.js'
import {sampleOrder} from './samples/sample-order.js'

interface OpenOptions {
  /** Ends a reading of batches with its reason. */
  readonly signal?: AbortSignal
  /** Arrays of at most so many bytes, as they are stored, stay in memory once they were read; none when absent. */
  readonly keepBytes?: number
}

/**
 * Opens data for a model's inputs: npz, npy, IDX, csv, jsonl, parquet, a folder of images or of ONNX test data sets. Reads headers,
 * labels and the places of rows only; samples are read, converted and checked batch by batch.
 *
 * @param inputs every input of the model; those in `spec.feeds` need no data.
 * @throws FileError when a file is missing, empty or of a kind that is not read.
 * @throws DataError when the data does not fit; wrong values in the samples show while batches are read.
 * @throws UsageError when `spec.feeds` names what is no input.
 */
export async function openData(
  spec: DataSpec,
  inputs: readonly InputPort[],
  options: OpenOptions = {},
): Promise<Dataset> {
  const {feeds: given = {}} = spec
  checkFeedNames(given, inputs)
  const preprocess = await preprocessOf(spec)
  const data = await openArrays({...spec, ports: unfed(inputs, given), inputs, preprocess})
  const fed = {...data.feeds, ...given}
  const match = matchArrays(data, unfed(inputs, fed), spec.map ?? {}, spec.labelColumn)
  const left = data.isSized ? withoutSize(preprocess) : preprocess
  const {keepBytes = 0, signal} = options
  if (!spec.isVerified) for (const {array} of match.inputs) await array.verify?.(signal)
  const feeds = match.inputs.map(({array, input}) => feedOf(keptArray(array, keepBytes), input, left))
  requireImages(feeds, preprocess)
  const {total, fixedBatch} = checkFeeds(feeds, spec.path)
  const order = sampleOrder(total, {...spec, shuffle: spec.shuffle ?? data.isShuffled ?? false}, spec.path)
  const labels = await findLabels(spec, match.labels)
  const isNext = match.areNext && labels.array === match.labels
  if (!spec.isVerified || labels.array !== match.labels) await labels.array?.verify?.(signal)
  const constants = new FedInputs(inputs, fed, feeds)
  constants.at(fixedBatch ?? 1)
  const nextNote = `labels are the tokens of '${match.labels?.name}' one place on: each is judged by the next`
  const notes = [
    ...(data.notes ?? []),
    ...match.notes,
    ...feeds.flatMap((feed) => feed.notes),
    ...labels.notes,
    ...(isNext ? [nextNote] : []),
  ]
  const inOrder =
    labels.array && (await (isNext ? readNextTokens(match, order) : readLabels(labels.array, total, order)))
  const labelShape = labels.array ? labelShapeOf(labels.array) : []
  const samples = {feeds, fixedBatch, notes, fed: constants, signal, path: spec.path, labelShape}
  return new OpenedSamples(samples, order, inOrder)
}

function unfed(inputs: readonly InputPort[], feeds: object): InputPort[] {
  return inputs.filter(({name}) => !Object.hasOwn(feeds, name))
}

/** What flags say wins over the file. */
async function preprocessOf({preprocess = {}, preprocessFile}: DataSpec): Promise<PreprocessSpec> {
  if (preprocessFile === undefined) return preprocess
  return {...(await readPreprocessorConfig(preprocessFile)), ...preprocess}
}

async function findLabels(
  spec: DataSpec,
  inside: SampleArray | undefined,
): Promise<{array: SampleArray | undefined; notes: string[]}> {
  const path = spec.labels ?? (inside ? undefined : await findLabelsBeside(spec.path))
  if (path === undefined) return {array: inside, notes: []}
  const {arrays, unreadable} = await openArrays({path, ports: [], inputs: [], preprocess: {}})
  const names = spec.labelColumn === undefined ? LABEL_NAMES : [...LABEL_NAMES, spec.labelColumn]
  const named = arrays.find(({name}) => names.includes(name))
  const array = named ?? (arrays.length === 1 ? arrays[0] : undefined)
  if (!array)
    throw [...unreadable.values()][0] ?? new DataError(`${path}: expected one array of labels, got ${arrays.length}`)
  const notes = inside ? [`labels come from ${path}, '${inside.name}' in ${spec.path} is ignored`] : []
  return {array, notes}
}
