import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {MachineError} from '../../errors.js'
import type {TaskContext} from '../child/task-context.js'
import {firstFeeds} from '../inputs/feeds.js'
import {inputPorts, outputPorts} from '../session/ports.js'
import {createSession, releaseSession, runSession} from '../session/session.js'
import type {InputSource, SessionSettings} from '../session/session-settings.js'
import {type ProfileEvent, readProfileEvents} from './read-profile-events.js'

export interface ProfileRequest {
  readonly path: string
  readonly settings: SessionSettings
  readonly source: InputSource
  readonly batch: number
  /** An existing folder; the caller removes it. A missing one gives no file and no error. */
  readonly folder: string
}

/** Where the time of one run goes, by operator as the runtime fused them. */
export interface OpProfile {
  readonly op: string
  /** As `--provider` spells it. */
  readonly provider: string
  /** Microseconds per run, all nodes of this operator together. On webgpu this is the dispatch only, not the device's time. */
  readonly durUs: number
  /** Nodes. */
  readonly count: number
}

export interface NodeProfile {
  /** How many nodes ran where. */
  readonly nodesByProvider: Readonly<Record<string, number>>
  /** Slowest first. */
  readonly byOp: readonly OpProfile[]
}

/** Profiling slows runs by half or more, so its figures are shares, never latencies; twenty runs settle the shares. */
const PROFILED_RUNS = 20
const WARM_UP_RUNS = 2

/** Runs the model with the runtime's profiler on and adds up what it wrote. */
export async function profile(request: ProfileRequest, context: TaskContext): Promise<NodeProfile> {
  const prefix = join(request.folder, 'nodes')
  const session = await createSession(request.path, request.settings, {
    enableProfiling: true,
    profileFilePrefix: prefix,
  })
  const feeds = await firstFeeds(request.source, inputPorts(session, request.settings.dims), request.batch)
  const outputs = outputPorts(session).map((port) => port.name)
  const runs = WARM_UP_RUNS + PROFILED_RUNS
  for (let run = 0; run < runs; run++) {
    await runSession(session, feeds, outputs, request.path)
    context.progress(run + 1, runs)
  }
  await releaseSession(session)
  return summarize(recordedNodes(readEvents(request.folder)))
}

function readEvents(folder: string): ProfileEvent[] {
  // names end in the time: the last is that of the session that ran
  const file = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .at(-1)
  if (!file) throw new MachineError('ONNX Runtime wrote no profile', {hint: 'Check the space in the temporary folder'})
  return readProfileEvents(readFileSync(join(folder, file), 'utf8'))
}

/** The first runs allocate memory and compile shaders: their nodes are left out. */
function recordedNodes(events: readonly ProfileEvent[]): ProfileEvent[] {
  const starts = events.filter(({name}) => name === 'model_run').map(({ts}) => ts)
  const from = starts.sort((a, b) => a - b)[WARM_UP_RUNS] ?? 0
  return events.filter(({cat, ts, args}) => cat === 'Node' && args?.provider !== undefined && ts >= from)
}

function summarize(events: readonly ProfileEvent[]): NodeProfile {
  const nodes = new Map<string, string>()
  const byOp = new Map<string, {op: string; provider: string; durUs: number; nodes: Set<string>}>()
  for (const {name, dur, args} of events) {
    const [op, provider] = [args?.op_name ?? '?', providerName(args?.provider ?? '?')]
    const node = `${name}|${args?.node_index}`
    nodes.set(node, provider)
    const entry = byOp.get(`${op}|${provider}`) ?? {op, provider, durUs: 0, nodes: new Set<string>()}
    byOp.set(`${op}|${provider}`, entry)
    entry.durUs += dur / PROFILED_RUNS
    entry.nodes.add(node)
  }
  const nodesByProvider: Record<string, number> = {}
  for (const provider of nodes.values()) nodesByProvider[provider] = (nodesByProvider[provider] ?? 0) + 1
  const rows = [...byOp.values()].map((entry) => ({...entry, count: entry.nodes.size}))
  return {nodesByProvider, byOp: rows.map(withoutNodes).sort((a, b) => b.durUs - a.durUs)}
}

function withoutNodes({op, provider, durUs, count}: OpProfile): OpProfile {
  return {op, provider, durUs, count}
}

/** `CPUExecutionProvider` → `cpu` */
function providerName(name: string): string {
  return name.replace(/ExecutionProvider$/, '').toLowerCase()
}
