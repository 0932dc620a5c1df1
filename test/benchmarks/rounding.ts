import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {InferenceSession} from 'onnxruntime-node'
import type {DataSpec} from '../../src/data/dataset.js'
import {openModel} from '../../src/io/open-model.js'
import {writeScratch} from '../../src/io/write-variant.js'
import type {Graph} from '../../src/ir/graph.js'
import {specsOf} from '../../src/ops/specs-of.js'
import type {RoundingOf, WeightRounding} from '../../src/passes/quantize/numbers/weight-rounding.js'
import {WEIGHT_TYPES} from '../../src/passes/quantize/numbers/weight-type.js'
import {awqFactors} from '../../src/passes/quantize/prepare/input-factors.js'
import {scaleInputs} from '../../src/passes/quantize/prepare/scale-inputs.js'
import {type InputMoments, productInputs, roundingFrom} from '../../src/passes/quantize/weights/product-inputs.js'
import {quantizeWeightsOnly} from '../../src/passes/quantize/weights/weights-only.js'
import {upgradeModel} from '../../src/passes/upgrade/upgrade-model.js'
import {feedBatches, openSamples} from '../../src/runtime/inputs/feeds.js'
import {measureMoments} from '../../src/runtime/moments/measure-moments.js'
import {inputPorts} from '../../src/runtime/session/ports.js'

/**
 * What each way of rounding costs at 4 bits, block 32, stored weights, at equal bytes: the outputs' divergence from float on held-out data
 * (KL of the last axis in nats, 1 − cosine), and the perplexity of the language model. Calibrated on training data.
 */

const SHARED = '../shared'
const IMAGES = '/usr/share/datasets/fashion-mnist'
const PIXELS = {scale: 1 / 255, mean: [0.286], std: [0.353]}
const CPU = {provider: 'cpu', threads: 1, dims: {}} as const

interface Case {
  readonly model: string
  readonly calibration: DataSpec
  readonly evaluation: DataSpec
}

const CASES: Readonly<Record<string, Case>> = {
  bert_spam: {
    model: `${SHARED}/models/bert_spam.onnx`,
    calibration: {path: `${SHARED}/data/spam_train.npz`, seed: 0, limit: 512},
    evaluation: {path: `${SHARED}/data/spam_test.npz`, seed: 0},
  },
  gpt_brown: {
    model: `${SHARED}/models/gpt_brown.onnx`,
    calibration: {path: `${SHARED}/data/brown_train.npz`, seed: 0, limit: 512},
    evaluation: {path: `${SHARED}/data/brown_test.npz`, seed: 0, limit: 200},
  },
  mlp_fm: {
    model: `${SHARED}/models/mlp_fm.onnx`,
    calibration: {path: `${IMAGES}/train-images-idx3-ubyte.gz`, preprocess: PIXELS, seed: 0, limit: 5000},
    evaluation: {path: `${IMAGES}/t10k-images-idx3-ubyte.gz`, preprocess: PIXELS, seed: 0, limit: 2000},
  },
}

interface Method {
  readonly base?: WeightRounding
  readonly moments?: boolean
  readonly products?: boolean
  readonly type?: 'int4' | 'uint4' | 'int8'
  readonly blockSize?: number
  readonly halfScales?: boolean
  /** AWQ's alpha; no scaling when absent. */
  readonly awq?: number
}

const FULL: WeightRounding = {grid: 'mse', fullRange: true}
const MEASURED = {moments: true, products: true}
const FINE = {blockSize: 16, halfScales: true}

/** Blocks of 16 with scales in float16 take the bytes of blocks of 32 with scales in float32; zero points and AWQ's take a few more. */
const METHODS: Readonly<Record<string, Method>> = {
  'plain rounding': {},
  'mse, -7..7': {base: {grid: 'mse'}},
  mse: {base: FULL},
  'scale estimation': {base: FULL, moments: true},
  'GPTQ, largest value, -7..7': {base: {grid: 'max'}, ...MEASURED},
  GPTQ: {base: FULL, ...MEASURED},
  'AWQ .25, mse': {base: FULL, awq: 0.25},
  'AWQ .5, mse': {base: FULL, awq: 0.5},
  'uint4, plain': {type: 'uint4'},
  'uint4, GPTQ': {base: FULL, ...MEASURED, type: 'uint4'},
  '16, half scales, plain': FINE,
  '16, half scales, mse': {base: FULL, ...FINE},
  '16, half scales, scale est.': {base: FULL, moments: true, ...FINE},
  '16, half scales, GPTQ': {base: FULL, ...MEASURED, ...FINE},
  '32, half scales, GPTQ': {base: FULL, ...MEASURED, halfScales: true},
  'int8, plain': {type: 'int8'},
  'int8, mse': {base: FULL, type: 'int8'},
  'int8, scale estimation': {base: FULL, moments: true, type: 'int8'},
}

const folder = mkdtempSync(join(tmpdir(), 'mopt-rounding-'))
try {
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(CASES)) await table(name)
} finally {
  rmSync(folder, {recursive: true})
}

async function table(name: string): Promise<void> {
  const which = CASES[name] as Case
  const moments = await momentsOf(which)
  process.stdout.write(
    `\n${['', 'bytes', 'KL', 'of plain', '1 - cosine', 'of plain', 'perplexity', 'top1'].map((text, i) => text.padEnd(i === 0 ? 29 : 17)).join('')}\n`,
  )
  let plain: Errors | undefined
  for (const [title, method] of Object.entries(METHODS)) {
    const path = join(folder, `${name}.onnx`)
    const t = performance.now()
    await write(which.model, path, method, moments)
    const seconds = (performance.now() - t) / 1000
    const errors = await errorsOf(which, path)
    plain ??= errors
    const cells = [
      title,
      `${statSync(path).size} ${seconds.toFixed(1)} s`,
      errors.kl.toExponential(3),
      (errors.kl / plain.kl).toFixed(3),
      errors.distance.toExponential(3),
      (errors.distance / plain.distance).toFixed(3),
      `${errors.perplexity.toFixed(3)} (${errors.floatPerplexity.toFixed(3)})`,
      `${errors.top1.toFixed(4)}`,
    ]
    process.stdout.write(`${cells.map((text, i) => text.padEnd(i === 0 ? 29 : 17)).join('')}\n`)
  }
}

async function momentsOf({model, calibration}: Case): Promise<ReadonlyMap<string, InputMoments>> {
  const file = await openModel(model)
  const tensors = productInputs(file.model.graph.nodes())
  file.close()
  const {moments} = await measureMoments(model, CPU, {data: calibration, tensors, products: true})
  return moments
}

async function write(
  model: string,
  path: string,
  {base, type = 'int4', blockSize = 32, halfScales, ...method}: Method,
  moments: ReadonlyMap<string, InputMoments>,
): Promise<void> {
  const file = await openModel(model)
  const kept = method.products
    ? moments
    : new Map([...moments].map(([key, one]) => [key, {...one, products: undefined}]))
  const rounding: RoundingOf | undefined = base && roundingFrom(base, method.moments ? kept : new Map())
  const specOf = specsOf(file.model)
  const chosen = WEIGHT_TYPES[type]
  await upgradeModel(file.model, 21)
  if (method.awq !== undefined) await scaled(file.model.graph, moments, method.awq)
  const pass = quantizeWeightsOnly({specOf, perChannel: true, blockSize, halfScales, typeOf: () => chosen, rounding})
  await pass.run(file.model.graph)
  await writeScratch(file.model, path)
  file.close()
}

async function scaled(graph: Graph, moments: ReadonlyMap<string, InputMoments>, alpha: number): Promise<void> {
  const pass = scaleInputs({
    factorsOf({tensor}) {
      const squares = moments.get(tensor)?.squares
      return squares && awqFactors(squares, alpha)
    },
  })
  await pass.run(graph)
}

interface Errors {
  /** Mean over rows of the last axis, nats. */
  readonly kl: number
  readonly distance: number
  readonly perplexity: number
  readonly floatPerplexity: number
  readonly top1: number
}

async function errorsOf({model, evaluation}: Case, path: string): Promise<Errors> {
  const options = {intraOpNumThreads: 1, logSeverityLevel: 4} as const
  const float = await InferenceSession.create(model, options)
  const other = await InferenceSession.create(path, options)
  const dataset = await openSamples(evaluation, inputPorts(float, {}))
  const sums = {rows: 0, right: 0, kl: 0, loss: 0, floatLoss: 0, ab: 0, aa: 0, bb: 0}
  for await (const {feeds} of feedBatches(dataset, 16)) {
    const [a, b] = [(await float.run(feeds)).logits, (await other.run(feeds)).logits]
    if (!a || !b) throw new Error(`${model}: expected an output 'logits'`)
    const width = a.dims.at(-1) ?? 1
    const [p, q] = [a.data as Float32Array, b.data as Float32Array]
    for (let row = 0; row < p.length; row += width) {
      addRow(sums, p.subarray(row, row + width), q.subarray(row, row + width), dataset.labels?.[sums.rows])
    }
  }
  const {rows, right, kl, loss, floatLoss, ab, aa, bb} = sums
  return {
    kl: kl / rows,
    distance: 1 - ab / Math.sqrt(aa * bb),
    perplexity: Math.exp(loss / rows),
    floatPerplexity: Math.exp(floatLoss / rows),
    top1: right / rows,
  }
}

type Sums = Record<'rows' | 'right' | 'kl' | 'loss' | 'floatLoss' | 'ab' | 'aa' | 'bb', number>

function addRow(sums: Sums, p: Float32Array, q: Float32Array, label: number | undefined): void {
  const [own, its] = [logSoftmax(p), logSoftmax(q)]
  sums.rows++
  own.forEach((log, i) => {
    sums.kl += Math.exp(log) * (log - (its[i] as number))
    sums.ab += (p[i] as number) * (q[i] as number)
    sums.aa += (p[i] as number) ** 2
    sums.bb += (q[i] as number) ** 2
  })
  if (label === undefined) return
  sums.right += its[label] === Math.max(...its) ? 1 : 0
  sums.loss -= its[label] as number
  sums.floatLoss -= own[label] as number
}

function logSoftmax(values: Float32Array): Float64Array {
  const largest = values.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY)
  let sum = 0
  for (const value of values) sum += Math.exp(value - largest)
  const log = largest + Math.log(sum)
  return Float64Array.from(values, (value) => value - log)
}
