import {existsSync, mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {markdownTable} from 'markdown-table'
import type {Measurement} from '../../src/bench/measurement.js'
import {DEFAULT_WARMUP, race} from '../../src/bench/protocol.js'
import {fullSchedule} from '../../src/bench/schedule.js'
import {type Estimate, ratioInterval} from '../../src/bench/statistics.js'
import {openModel} from '../../src/io/open-model.js'
import {top1} from '../../src/metrics/top1.js'
import type {QuantizeOptions} from '../../src/options/quantize.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {evaluate} from '../../src/runtime/evaluate/evaluate.js'
import {type InputPlan, planInputs} from '../../src/runtime/inputs/plan-inputs.js'
import {modelStarts} from '../../src/runtime/time/model-starts.js'
import {type Flat, IMAGE_DATA, quantizeOptions, SILENT, SPAM_DATA} from '../support/pipeline-options.js'

/**
 * Our quantized files against float and against the files of ONNX Runtime's own quantizer, where they are: latency by the protocol of
 * `bench`, bytes, accuracy where there are labels. MOPT_MODELS names a folder of exported nets (`resnet18_224.onnx`, … and
 * `calib.npy` to calibrate on). Names of models as arguments run only those.
 */

const PEER = '../shared/peer'
const FULL_SET = '/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz'
const SETTINGS = {provider: 'cpu', threads: 1} as const
const PLAN = {minRuns: 100, minTimeMs: 1000, maxTimeMs: Number(process.env.MOPT_RACE_MS ?? 8000)}

interface Entry {
  readonly name: string
  readonly path: string
  /** The form the peer's file has; it has none with stored weights only. */
  readonly form: 'static' | 'dynamic' | 'weights'
  readonly options: Flat<QuantizeOptions>
  readonly batches: readonly number[]
  /** Size of a free sequence. */
  readonly freeSize?: number
}

const images = {...IMAGE_DATA, eval: existsSync(FULL_SET) ? FULL_SET : IMAGE_DATA.eval}

const SHARED: readonly Entry[] = [
  ...['cnn_fm', 'mobile_fm_bn', 'resnet8_fm_bn', 'mlp_fm'].map((name) => fixture(name, 'static', images)),
  ...['bert_spam', 'lstm_spam'].map((name) => fixture(name, 'dynamic', SPAM_DATA)),
  // must not be slower than float
  ...['cnn_fm', 'mobile_fm_bn', 'resnet8_fm_bn', 'mlp_fm', 'bert_spam', 'lstm_spam'].flatMap((name) =>
    (['int8', 'int4'] as const).map((weights) => stored(name, weights)),
  ),
]

function stored(name: string, weights: 'int8' | 'int4'): Entry {
  const judged = name.endsWith('spam') ? SPAM_DATA : {...images, data: undefined}
  const entry = fixture(name, 'weights', {...judged, mode: 'weights', weights})
  return {...entry, name: `${name}.${weights}`, batches: [1]}
}

function fixture(name: string, form: Entry['form'], options: Entry['options']): Entry {
  return {name, form, options, path: `fixtures/models/${name}.onnx`, batches: [1, 32]}
}

const NETS = ['resnet18_224', 'mobilenet_v2_224', 'squeezenet1_1_224', 'efficientnet_b0_224', 'mobilenet_v3_small_224']

/** Nets that somebody exported, where the environment says so. */
function exported(folder: string | undefined): Entry[] {
  if (folder === undefined) return []
  const data = {data: join(folder, 'calib.npy'), limit: 64}
  const nets = NETS.map((name): Entry => {
    return {name, path: join(folder, `${name}.onnx`), form: 'static', options: data, batches: [1, 32]}
  })
  const encoder = {name: 'encoder_256', form: 'dynamic', options: {}, batches: [1], freeSize: 128} as const
  return [...nets, {...encoder, path: join(folder, 'encoder_256.onnx')}].filter(({path}) => existsSync(path))
}

const folder = mkdtempSync(join(tmpdir(), 'mopt-race-'))
const wanted = process.argv.slice(2)
const entries = [...SHARED, ...exported(process.env.MOPT_MODELS)]
const rows: string[][] = []
try {
  for (const entry of entries.filter(({name}) => wanted.length === 0 || wanted.includes(name))) {
    const made = await rowsOf(entry)
    rows.push(...made)
    for (const row of made) process.stdout.write(`${row.join('  ')}\n`)
  }
} finally {
  rmSync(folder, {recursive: true})
}
const HEAD = ['model', 'batch', 'float ms', 'ours ÷ float', 'peer ÷ float', 'ours ÷ peer', 'bytes', 'peer', 'accuracy']
process.stdout.write(`${markdownTable([HEAD, ...rows])}\n`)

async function rowsOf(entry: Entry): Promise<string[][]> {
  const made: string[][] = []
  for (const batch of entry.batches) made.push(await rowOf(entry, batch))
  return made
}

/** Our file is made for the batch it runs with. */
async function rowOf(entry: Entry, batch: number): Promise<string[]> {
  const ours = join(folder, `${entry.name}.${batch}.onnx`)
  const plan = await planOf(entry, batch)
  const inputShapes = batch === 1 ? {} : Object.fromEntries(plan.map(({name, shape}) => [name, shape]))
  const result = await quantize(entry.path, quantizeOptions({...entry.options, inputShapes, output: ours}), SILENT)
  const peer = join(PEER, `${entry.name}.${entry.form}.onnx`)
  const paths = [entry.path, ours, ...(existsSync(peer) ? [peer] : [])]
  const accuracy = result.metric ? await accuracies(entry, paths) : '–'
  const bytes = [ours, peer].map((path) => (existsSync(path) ? `${statSync(path).size}` : '–'))
  const [float, own, other] = await measured(paths, plan, batch)
  const ms = float?.summary().p50.toFixed(3) ?? '–'
  const ratios = [own?.ratio(), other?.ratio(), other && own && between(own, other)].map(textOf)
  return [entry.name, `${batch}`, ms, ...ratios, ...bytes, accuracy]
}

async function planOf({path, freeSize}: Entry, batch: number): Promise<InputPlan[]> {
  const file = await openModel(path)
  try {
    return planInputs(file.model, {batch, inputShapes: {}, dims: {}, ...(freeSize && {freeSize})})
  } finally {
    file.close()
  }
}

async function measured(paths: readonly string[], plan: readonly InputPlan[], batch: number): Promise<Measurement[]> {
  const source = {kind: 'synthetic', plan, seed: 0} as const
  const contenders = paths.map((model) => modelStarts(model, SETTINGS, {source, batch}))
  return race(contenders, {warmup: DEFAULT_WARMUP, planner: fullSchedule(PLAN), maxTimeMs: 2 * PLAN.maxTimeMs})
}

/** The ratio of two that raced beside the same baseline, pair of processes by pair. */
function between(own: Measurement, other: Measurement): Estimate | undefined {
  const logs = own.pairLogRatios.map((ratio, i) => ratio - (other.pairLogRatios[i] ?? Number.NaN))
  return logs.some(Number.isNaN) || logs.length === 0 ? undefined : ratioInterval(logs)
}

/** `0.42 (0.40 to 0.44)` */
function textOf(ratio: Estimate | undefined): string {
  return ratio ? `${ratio.point.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})` : '–'
}

/** Of float, ours and the peer's; dynamic files run one sample at a time, because their result depends on the batch. */
async function accuracies({form, options}: Entry, paths: readonly string[]): Promise<string> {
  const data = {path: options.eval as string, seed: 0, ...(options.preprocess && {preprocess: options.preprocess})}
  const values: string[] = []
  for (const path of paths) {
    const {data: outputs, shape, labels} = await evaluate(path, SETTINGS, {data, batch: form === 'dynamic' ? 1 : 64})
    values.push(labels ? top1.compute(outputs, shape, labels).value.toFixed(4) : '–')
  }
  return values.join(' / ')
}
