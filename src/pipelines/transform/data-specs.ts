import type {DataSpec, Feeds, InputPort} from '../../data/dataset.js'
import {openData} from '../../data/open-data.js'
import {verifyData} from '../../data/verify-data.js'
import {UsageError} from '../../errors.js'
import type {DataOptions} from '../../options/common.js'
import type {Warning} from '../../results.js'

/** The samples a verb learns from and those it judges on. */
export interface DataSpecs {
  readonly learn: DataSpec | undefined
  readonly judge: DataSpec | undefined
  readonly warnings: readonly Warning[]
}

/** The options of samples; how many there are per run is another matter. */
export type SampleOptions = Omit<DataOptions, 'batch'>

/** What goes with samples: the seed of their order, and inputs that are always fed the same. */
export interface Fed {
  readonly seed: number
  readonly feeds?: Feeds | undefined
}

/** One sample in five is held out when `--eval` is needed and missing. */
const HELD_OUT_SHARE = 5

/** `--data` with its limit, offset and shuffle, or undefined. */
export function learnSpec(options: SampleOptions, fed: Fed): DataSpec | undefined {
  if (options.samples === undefined) return undefined
  return {
    path: options.samples,
    ...(options.labels !== undefined && {labels: options.labels}),
    ...shared(options, fed),
    ...(options.shuffle !== undefined && {shuffle: options.shuffle}),
    offset: options.offset,
    ...(options.limit !== undefined && {limit: options.limit}),
  }
}

/** `--eval` with its limit and offset, or undefined. */
export function evalSpec(options: SampleOptions, fed: Fed): DataSpec | undefined {
  if (options.eval === undefined) return undefined
  return {
    path: options.eval,
    ...(options.evalLabels !== undefined && {labels: options.evalLabels}),
    ...shared(options, fed),
    isEval: true,
    offset: options.evalOffset,
    ...(options.evalLimit !== undefined && {limit: options.evalLimit}),
  }
}

/** Both, their checksums gone through once for all processes to come. */
async function verifiedSpecs(options: SampleOptions, fed: Fed, signal?: AbortSignal) {
  const [learn, own] = [learnSpec(options, fed), evalSpec(options, fed)]
  const verified = learn && (await verifyData(learn, signal))
  const isSame = own !== undefined && own.path === verified?.path && verified.isVerified === true
  return {learn: verified, own: own && (isSame ? {...own, isVerified: true} : await verifyData(own, signal))}
}

interface NeededData {
  readonly judge: boolean
  /** A teacher may stand for the labels of `--eval`. */
  readonly mayLackLabels?: boolean | undefined
  readonly inputs: readonly InputPort[]
  readonly signal?: AbortSignal
}

/**
 * Both sets. When judging is needed and `--eval` is missing, a seeded fifth of `--data` is held out and a warning says so.
 *
 * @param inputs the model's inputs: opening the data checks that it fits them.
 */
export async function dataSpecs(options: SampleOptions, fed: Fed, needed: NeededData): Promise<DataSpecs> {
  const {learn, own} = await verifiedSpecs(options, fed, needed.signal)
  const judge = own && needed.mayLackLabels ? {...own, isEval: false} : own
  const control = needed.signal ? {signal: needed.signal} : {}
  // what does not fit is said before hours of work, not after
  if (judge) await openData(judge, needed.inputs, control)
  if (judge || !learn || !needed.judge) return {learn, judge, warnings: []}
  const {sampleCount} = await openData({...learn, shuffle: true}, needed.inputs, control)
  const heldOut = Math.max(1, Math.floor(sampleCount / HELD_OUT_SHARE))
  const offset = learn.offset ?? 0
  const message = `no --eval: ${heldOut} of the ${sampleCount} samples of --data are held out to judge on`
  return {
    learn: {...learn, shuffle: true, limit: Math.max(1, sampleCount - heldOut)},
    judge: {...learn, shuffle: true, offset: offset + sampleCount - heldOut, limit: heldOut},
    warnings: [{code: 'HELD_OUT', message, hint: 'give a held-out set with --eval'}],
  }
}

function shared(options: SampleOptions, {seed, feeds}: Fed) {
  const {map, preprocess, preprocessFile, labelColumn} = options
  return {
    map: oneInputEach(map),
    preprocess,
    ...(preprocessFile !== undefined && {preprocessFile}),
    ...(labelColumn !== undefined && {labelColumn}),
    ...(feeds && {feeds}),
    seed,
  }
}

/** @throws UsageError for an array that is to feed several inputs of one model. */
export function oneInputEach(map: DataOptions['map']): Record<string, string> {
  for (const [array, inputs] of Object.entries(map)) {
    if (typeof inputs !== 'string') throw new UsageError(`--map: expected each name once, got '${array}' twice`)
  }
  return map as Record<string, string>
}
