import type {InferenceSession} from 'onnxruntime-node'
import type {BatchInput, InputPort} from '../../data/dataset.js'
import {BugError} from '../../errors.js'
import {firstFeeds, toFeeds} from '../inputs/feeds.js'
import {halvedFeeds} from '../inputs/halved-feeds.js'
import {inputPorts, outputPorts} from '../session/ports.js'
import {createSession, type Feeds, runError} from '../session/session.js'
import type {InputSource, SessionSettings} from '../session/session-settings.js'
import {suspectOptimizer} from '../session/suspect-optimizer.js'

export interface LoadRequest {
  readonly path: string
  readonly settings: SessionSettings
  readonly source: InputSource | KeptFeeds
  readonly batch: number
}

/** What another process of the same model was fed. */
export interface KeptFeeds {
  readonly kind: 'arrays'
  readonly feeds: NonNullable<LoadedModel['feeds']>
}

export interface LoadedModel {
  /** Session creation alone: reading the file, optimizing the graph. */
  readonly loadMs: number
  readonly inputs: readonly InputPort[]
  readonly outputs: readonly InputPort[]
  /** The batch that was read from a file; absent when it was made up, or is too large to be sent around. */
  readonly feeds?: readonly (readonly [name: string, array: BatchInput])[] | undefined
}

export interface BlockRequest {
  /** The block ends after this long, skipped runs included, */
  readonly budgetMs: number
  /** or after this many recorded runs. At least one is recorded. */
  readonly maxRuns: number
  /** Runs at the start of the block that are not recorded. */
  readonly skip: number
}

export interface TimedBlock {
  /** One per recorded run, in order. */
  readonly latenciesMs: Float64Array
  /** Processor time of all threads of the process over the whole block. */
  readonly cpuMs: number
  readonly wallMs: number
}

interface Loaded {
  readonly path: string
  readonly settings: SessionSettings
  readonly session: InferenceSession
  readonly feeds: Feeds
}

/** The one model of this process, waiting for blocks. */
let loaded: Loaded | undefined

/** Runs in a block whose times fit into the first array; longer blocks double it. */
const FIRST_CAPACITY = 4096

/** Sending this much costs less than reading samples anew. */
const MOST_KEPT_BYTES = 16e6

/** Importing this module was all: ONNX Runtime is in memory now. */
export async function prepare(): Promise<undefined> {}

export async function load({path, settings, source, batch}: LoadRequest): Promise<LoadedModel> {
  const startMs = performance.now()
  const session = await createSession(path, settings)
  const loadMs = performance.now() - startMs
  const inputs = inputPorts(session, settings.dims)
  const given =
    source.kind === 'arrays' ? toFeeds(Object.fromEntries(source.feeds)) : await firstFeeds(source, inputs, batch)
  const feeds = halvedFeeds(session, given)
  loaded = {path, settings, session, feeds}
  return {loadMs, inputs, outputs: outputPorts(session), feeds: source.kind === 'data' ? kept(feeds) : undefined}
}

function kept(feeds: Feeds): LoadedModel['feeds'] {
  const entries = Object.entries(feeds).map(([name, {type, dims, data}]): [string, BatchInput] => {
    return [name, {dtype: type, shape: dims, data} as BatchInput]
  })
  const bytes = entries.reduce((sum, [, {data}]) => sum + data.byteLength, 0)
  return bytes <= MOST_KEPT_BYTES ? entries : undefined
}

/** A plain loop over `session.run`, as a user would write it: same input each time, fresh outputs. */
export async function timeBlock(request: BlockRequest): Promise<TimedBlock> {
  if (!loaded) throw new BugError('a block was asked for before a model was loaded')
  const cpuStart = process.cpuUsage()
  const startMs = performance.now()
  try {
    const latenciesMs = await repeat(loaded, request, startMs + request.budgetMs)
    const wallMs = performance.now() - startMs
    const {user, system} = process.cpuUsage(cpuStart)
    return {latenciesMs, cpuMs: (user + system) / 1000, wallMs}
  } catch (error) {
    const {path, settings, session, feeds} = loaded
    throw await suspectOptimizer(runError(error, session, path), path, settings, feeds)
  }
}

async function repeat({session, feeds}: Loaded, request: BlockRequest, endMs: number): Promise<Float64Array> {
  for (let run = 0; run < request.skip; run++) await session.run(feeds)
  let times = new Float64Array(Math.min(FIRST_CAPACITY, request.maxRuns))
  let count = 0
  do {
    if (count === times.length) times = grown(times)
    const startMs = performance.now()
    await session.run(feeds)
    times[count++] = performance.now() - startMs
  } while (count < request.maxRuns && performance.now() < endMs)
  return times.slice(0, count)
}

function grown(times: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(times.length * 2)
  larger.set(times)
  return larger
}
