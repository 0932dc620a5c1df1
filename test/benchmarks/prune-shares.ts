/**
 * What zeros cost without training, by where they are taken from: accuracy on all held-out data, and the share of zeros of the layer
 * with most of them. `one threshold` takes the smallest weights of the model, `layer` as many of each, `shares` is what prune does.
 *   npx tsx test/benchmarks/prune-shares.ts [folder with models/ and data/, for more models] [word of a model ...]
 */
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import type {DataSpec} from '../../src/data/dataset.js'
import {portsOf} from '../../src/data/model-ports.js'
import {openData} from '../../src/data/open-data.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {magnitudeThreshold, zeroSmallest} from '../../src/ir/magnitude-threshold.js'
import type {Model} from '../../src/ir/model.js'
import {float32, readFloat32, type Tensor} from '../../src/ir/tensor.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {specsOf} from '../../src/ops/specs-of.js'
import {type PrunableWeight, prunableWeights, pruneMagnitude} from '../../src/passes/prune/magnitude.js'

const SPARSITIES = [0.2, 0.3, 0.5, 0.7]
const IMAGES = {path: '/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz', seed: 0}
const images: DataSpec = {...IMAGES, preprocess: {mean: [0.286], std: [0.353]}}
const spam: DataSpec = {path: 'fixtures/spam/spam_test.npz', seed: 0}
const CASES: [path: string, data: DataSpec][] = [
  ...['mlp_fm', 'cnn_fm', 'resnet8_fm', 'resnet8_fm_bn', 'mobile_fm_bn'].map((name) => fixture(name, images)),
  ...['bert_spam', 'lstm_spam'].map((name) => fixture(name, spam)),
]

const [folder, ...words] = process.argv.slice(2)
if (folder && existsSync(folder)) {
  CASES.push([join(folder, 'models/gpt_brown.onnx'), {path: join(folder, 'data/brown_test.npz'), seed: 0, limit: 200}])
  CASES.push([join(folder, 'models/det_fm.onnx'), {path: join(folder, 'data/det_test.npz'), seed: 0, limit: 250}])
}
for (const [path, data] of CASES) {
  if (words.length === 0 || words.some((word) => path.includes(word))) await judge(path, data)
}

function fixture(name: string, data: DataSpec): [string, DataSpec] {
  return [`fixtures/models/${name}.onnx`, data]
}

async function judge(path: string, data: DataSpec): Promise<void> {
  const file = await openModel(path)
  const {model} = file
  inferModel(model)
  const {weights} = prunableWeights(model.graph, {specOf: specsOf(model)})
  const dense = weights.map(({value}) => value.constant as Tensor)
  const float = await run(model, data)
  console.log(`${path}: float ${describe(path, float, float)}`)
  for (const sparsity of SPARSITIES) {
    const cells: string[] = []
    for (const way of ['one threshold', 'layer', 'shares'] as const) {
      weights.forEach(({value}, i) => {
        model.graph.setConstant(value, dense[i] as Tensor)
      })
      if (way === 'one threshold') oneThreshold(model, weights, sparsity)
      else {
        const scope = way === 'layer' ? 'layer' : 'global'
        await pruneMagnitude({specOf: specsOf(model), sparsity, scope}).run(model.graph)
      }
      const most = Math.max(...weights.map(({value}) => zeroShare(readFloat32(value.constant as Tensor))))
      cells.push(`${way} ${describe(path, await run(model, data), float)} (${most.toFixed(2)})`)
    }
    console.log(`  ${100 * sparsity} %: ${cells.join(', ')}`)
  }
  file.close()
}

function oneThreshold(model: Model, weights: readonly PrunableWeight[], sparsity: number): void {
  const arrays = weights.map(({value}) => Float32Array.from(readFloat32(value.constant as Tensor)))
  const all = Float32Array.from(arrays.flatMap((array) => [...array]))
  const {bits} = magnitudeThreshold(Math.round(sparsity * all.length), all)
  weights.forEach(({value}, i) => {
    const values = arrays[i] as Float32Array
    zeroSmallest(values, {bits, ties: Number.POSITIVE_INFINITY})
    model.graph.setConstant(value, float32(values, value.constant?.shape))
  })
}

interface Answers {
  readonly outputs: readonly InferenceSession.OnnxValueMapType[]
  readonly labels: Float64Array | undefined
}

async function run(model: Model, data: DataSpec): Promise<Answers> {
  const session = await InferenceSession.create(encodeModel(model), {logSeverityLevel: 4, intraOpNumThreads: 1})
  const dataset = await openData(data, portsOf(model))
  const outputs: InferenceSession.OnnxValueMapType[] = []
  for await (const {inputs, size} of dataset.batches(50)) {
    const feeds = Object.entries(inputs).map(([name, {dtype, shape, data: values}]) => {
      const rows = (values.length / (shape[0] as number)) * size
      return [name, new OrtTensor(dtype as 'float32', values.slice(0, rows) as Float32Array, [size, ...shape.slice(1)])]
    })
    outputs.push(await session.run(Object.fromEntries(feeds)))
  }
  await session.release()
  return {outputs, labels: dataset.labels}
}

/** Accuracy; perplexity of words; F1 of the boxes of a detector against the float model's. */
function describe(path: string, {outputs, labels}: Answers, float: Answers): string {
  if (path.includes('det')) return `F1 ${boxAgreement(outputs, float.outputs).toFixed(4)}`
  let [right, loss, position] = [0, 0, 0]
  for (const result of outputs) {
    const scores = Object.values(result)[0] as OrtTensor
    const classes = scores.dims.at(-1) as number
    for (let start = 0; start < scores.size; start += classes, position++) {
      const row = (scores.data as Float32Array).subarray(start, start + classes)
      const most = row.reduce((a, b) => Math.max(a, b))
      const label = labels?.[position] as number
      right += Number(row.indexOf(most) === label)
      loss += Math.log(row.reduce((sum, score) => sum + Math.exp(score - most), 0)) + most - (row[label] as number)
    }
  }
  return path.includes('gpt') ? `perplexity ${Math.exp(loss / position).toFixed(2)}` : (right / position).toFixed(4)
}

type Box = {readonly score: number; readonly kind: number; readonly corners: Float32Array}

function boxAgreement(ours: Answers['outputs'], theirs: Answers['outputs']): number {
  let [matched, count] = [0, 0]
  ours.forEach((result, batch) => {
    const reference = theirs[batch] as InferenceSession.OnnxValueMapType
    for (let image = 0; image < (result.scores?.dims[0] ?? 0); image++) {
      const [found, left] = [boxesOf(result, image), boxesOf(reference, image)]
      count += found.length + left.length
      for (const box of found) {
        const at = left.findIndex((other) => other.kind === box.kind && overlap(other, box) >= 0.5)
        if (at < 0) continue
        left.splice(at, 1)
        matched++
      }
    }
  })
  return (2 * matched) / count
}

/** Boxes of a score over 0.4, without those that overlap a better one of their class. */
function boxesOf(result: InferenceSession.OnnxValueMapType, image: number): Box[] {
  const [boxes, scores] = [result.boxes as OrtTensor, result.scores as OrtTensor]
  const [, cells = 0, kinds = 0] = scores.dims
  const found: Box[] = []
  for (let i = image * cells * kinds; i < (image + 1) * cells * kinds; i++) {
    const score = (scores.data as Float32Array)[i] as number
    const cell = 4 * Math.floor(i / kinds)
    const corners = (boxes.data as Float32Array).subarray(cell, cell + 4)
    if (score > 0.4) found.push({score, kind: i % kinds, corners})
  }
  const kept: Box[] = []
  for (const box of found.sort((a, b) => b.score - a.score)) {
    if (!kept.some((better) => better.kind === box.kind && overlap(better, box) > 0.5)) kept.push(box)
  }
  return kept
}

function overlap({corners: a}: Box, {corners: b}: Box): number {
  const side = (low: number, high: number) =>
    Math.max(0, Math.min(a[high] as number, b[high] as number) - Math.max(a[low] as number, b[low] as number))
  const area = (box: Float32Array) =>
    ((box[2] as number) - (box[0] as number)) * ((box[3] as number) - (box[1] as number))
  const both = side(0, 2) * side(1, 3)
  return both / (area(a) + area(b) - both)
}

function zeroShare(values: Float32Array): number {
  return values.filter((value) => value === 0).length / values.length
}
