import type {InferenceSession} from 'onnxruntime-node'
import type {InputPort} from '../../data/dataset.js'
import {BugError} from '../../errors.js'
import {firstFeeds} from '../feeds.js'
import {inputPorts, outputPorts} from '../ports.js'
import {createSession, type Feeds, toMoptError} from '../session.js'
import type {InputSource, SessionSettings} from '../session-settings.js'

export interface LoadRequest {
  readonly path: string
  readonly settings: SessionSettings
  readonly source: InputSource
  readonly batch: number
}

export interface LoadedModel {
  /** Session creation alone: reading the file, optimizing the graph. */
  readonly loadMs: number
  readonly inputs: readonly InputPort[]
  readonly outputs: readonly InputPort[]
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
  readonly session: InferenceSession
  readonly feeds: Feeds
}

/** The one model of this process, waiting for blocks. */
let loaded: Loaded | undefined

/** Runs in a block whose times fit into the first array; longer blocks double it. */
const FIRST_CAPACITY = 4096

export async function load(request: LoadRequest): Promise<LoadedModel> {
  const startMs = performance.now()
  const session = await createSession(request.path, request.settings)
  const loadMs = performance.now() - startMs
  const inputs = inputPorts(session, request.settings.dims)
  const feeds = await firstFeeds(request.source, inputs, request.batch)
  loaded = {path: request.path, session, feeds}
  return {loadMs, inputs, outputs: outputPorts(session)}
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
    throw toMoptError(error, `cannot run ${loaded.path}`, undefined)
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
