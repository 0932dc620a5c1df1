/**
 * One side of train-race.ts: a net is trained by an ONNX graph, as `train` does it for one batch per run. Reads numbers of steps, answers each with
 * CPU ms and wall ms per step; `memory` with MB, `profile` with lines and an empty one.
 *   node --import tsx test/benchmarks/train-race-step.ts NET THREADS BATCH [blocked|plain]
 */
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {median} from 'simple-statistics'
import type {BatchInput} from '../../src/data/dataset.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {peakRssBytes} from '../../src/runtime/child/peak-memory.js'
import {toFeeds} from '../../src/runtime/inputs/feeds.js'
import {createSession} from '../../src/runtime/session/session.js'
import {StepSession} from '../../src/runtime/session/step-session.js'
import {blockSize} from '../../src/train/layout/block-size.js'
import {layoutCheck} from '../../src/train/layout/layout-check.js'
import {chooseStep} from '../../src/train/layout/step-layouts.js'
import {createOptimizer} from '../../src/train/loop/optimizers.js'
import {type BuiltStep, buildElsewhere, inputShapesOf} from './train-race-build.js'

/** So low that nothing converges: gradients that fade into denormal numbers are slow, and no training stays there. */
const LEARNING_RATE = 1e-6
const PROFILED_RUNS = 30

const [name = '', threads = '1', batchSize = '64', layout = 'blocked'] = process.argv.slice(2)
const batch = Number(batchSize)
const settings = {provider: 'cpu', threads: Number(threads), optimization: 'extended'} as const
// the library is loaded before memory is counted, as on the other side
await (await createSession(encodeModel(layoutCheck(blockSize())), settings)).release()
const before = peakRssBytes()
const inputs = madeUpInputs()
const step = await buildElsewhere(name, batch)
const bytes = layout === 'plain' ? (step.layouts.step as Uint8Array) : await chooseStep(step.layouts, settings)
const optimizer = createOptimizer(
  {kind: 'adam'},
  step.initial.slice(0, step.parameters.length).map(({length}) => ({length, decays: true})),
)
optimizer.weights.forEach((weight, index) => {
  weight.set(step.initial[index] as Float32Array)
})
const bound = portsBy('name', optimizer.weights)
const outputs = {...portsBy('gradient', optimizer.gradients), ...otherOutputs(step)}
const startMs = performance.now()
const session = await StepSession.open(bytes, settings, {bound, outputs}, name)
console.log(`${performance.now() - startMs}`)
let done = 0
for await (const line of createInterface({input: process.stdin})) {
  if (line === 'memory') console.log((peakRssBytes() - before) / 2 ** 20)
  else if (line === 'profile') await profile()
  else console.log((await turn(Number(line))).join(' '))
}

async function turn(steps: number): Promise<[cpuMs: number, wallMs: number]> {
  const [startCpu, startWall] = [process.cpuUsage(), performance.now()]
  for (let count = 0; count < steps; count++) {
    await session.run(inputs)
    optimizer.update({learningRate: LEARNING_RATE, step: ++done, gradientScale: 1})
  }
  const {user, system} = process.cpuUsage(startCpu)
  return [(user + system) / 1000 / steps, (performance.now() - startWall) / steps]
}

function madeUpInputs(): Record<string, BatchInput> {
  const made = Object.entries(inputShapesOf(name, batch)).map(([key, shape]): [string, BatchInput] => {
    if (key === 'input') return [key, pixels(shape)]
    return [key, integers(shape, key === 'input_ids' ? (index) => (index * 7919) % 6000 : () => 1)]
  })
  const classes = name.endsWith('_spam') ? 2 : 10
  return {...Object.fromEntries(made), labels: integers([batch], (row) => row % classes)}
}

function pixels(shape: readonly number[]): BatchInput {
  const length = shape.reduce((product, size) => product * size, 1)
  return {dtype: 'float32', shape, data: Float32Array.from({length}, (_, index) => Math.sin(index * 1.7))}
}

function integers(shape: readonly number[], valueAt: (index: number) => number): BatchInput {
  const length = shape.reduce((product, size) => product * size, 1)
  return {dtype: 'int64', shape, data: BigInt64Array.from({length}, (_, index) => BigInt(valueAt(index)))}
}

function portsBy(key: 'name' | 'gradient', arrays: readonly Float32Array[]): Record<string, BatchInput> {
  const entries = step.parameters.map((parameter, index): [string, BatchInput] => {
    return [parameter[key], {dtype: 'float32', shape: parameter.shape, data: arrays[index] as Float32Array}]
  })
  return Object.fromEntries(entries)
}

function otherOutputs({loss, statistics}: BuiltStep): Record<string, BatchInput> {
  const entries = statistics.map(({batch: output, shape}): [string, BatchInput] => {
    return [output, {dtype: 'float32', shape, data: new Float32Array(shape[0] ?? 1)}]
  })
  return {...Object.fromEntries(entries), [loss]: {dtype: 'float32', shape: [], data: new Float32Array(1)}}
}

interface NodeEvent {
  readonly cat: string
  readonly name: string
  readonly dur: number
  readonly args?: {readonly op_name?: string; readonly input_type_shape?: readonly Record<string, number[]>[]}
}

/** Prints ms per step by operator type, and the twenty-five slowest nodes. Profiling slows a run: read them as shares. */
async function profile(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-race-'))
  const more = {enableMemPattern: false, enableProfiling: true, profileFilePrefix: join(folder, 'nodes')}
  const profiled = await createSession(bytes, settings, more)
  const feeds = {...toFeeds(bound), ...toFeeds(inputs)}
  for (let count = 0; count < PROFILED_RUNS; count++) await profiled.run(feeds, toFeeds(outputs))
  await profiled.release()
  const file = readdirSync(folder)[0] as string
  const events = (JSON.parse(readFileSync(join(folder, file), 'utf8')) as NodeEvent[]).filter(
    ({cat, args}) => cat === 'Node' && args?.op_name,
  )
  rmSync(folder, {recursive: true})
  const shapesOf = ({args}: NodeEvent) =>
    args?.input_type_shape?.map((types) => Object.values(types)[0]?.join('x')).join(' ')
  console.log(listing(events, ({args}) => args?.op_name ?? '', 25))
  console.log(`${listing(events, (event) => `${event.args?.op_name} ${event.name} ${shapesOf(event)}`, 40)}\n`)
}

/** Sums of the medians of nodes: other work on the machine then hardly shows. */
function listing(events: readonly NodeEvent[], keyOf: (event: NodeEvent) => string, count: number): string {
  const nodes = new Map<string, NodeEvent[]>()
  for (const event of events) nodes.set(event.name, [...(nodes.get(event.name) ?? []), event])
  const sums = new Map<string, {us: number; nodes: number}>()
  for (const runs of nodes.values()) {
    const key = keyOf(runs[0] as NodeEvent)
    const entry = sums.get(key) ?? {us: 0, nodes: 0}
    sums.set(key, {us: entry.us + median(runs.map(({dur}) => dur)), nodes: entry.nodes + 1})
  }
  const rows = [...sums].sort(([, a], [, b]) => b.us - a.us)
  const total = rows.reduce((sum, [, {us}]) => sum + us, 0)
  const lines = rows.slice(0, count).map(([key, {us, nodes: n}]) => `${ms(us)}  ${n} x ${key}`)
  return [`${ms(total)}  all`, ...lines].join('\n')
}

function ms(us: number): string {
  return `  ${(us / 1000).toFixed(3).padStart(8)} ms`
}
