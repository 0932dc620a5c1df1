import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import type {BatchInput, DataSpec, Dataset} from '../../src/data/dataset.js'
import {openData} from '../../src/data/open-data.js'
import {openModel} from '../../src/io/open-model.js'
import type {Model} from '../../src/ir/model.js'
import {float32, readFloat32} from '../../src/ir/tensor.js'
import {trainingCopy} from '../../src/pipelines/train/training-copy.js'
import {planInputs} from '../../src/runtime/inputs/plan-inputs.js'
import type {OptimizerSpec} from '../../src/train/loop/optimizer-spec.js'
import {selectParameters, untieConstants} from '../../src/train/step/parameters.js'
import {train} from '../../src/train/trainer.js'
import {npyBytes} from '../support/npy-writer.js'
import {specsFor} from '../support/pass-trial.js'
import {readArrays} from '../support/stored-gradients.js'
import {zipOf} from '../support/zip-writer.js'

/* The numbers of test/support/torch-curves.py, which made the references with PyTorch in float64. */
const STEPS = 20
const BATCHES: Readonly<Record<string, number>> = {
  mlp_fm: 16,
  cnn_fm: 16,
  lstm_spam: 8,
  bert_spam: 8,
  resnet8_fm_bn: 16,
}
const RATES = {adam: 1e-3, sgd: 1e-2} as const
const PACE: Readonly<Record<string, number>> = {resnet8_fm_bn: 0.05, cnn_fm: 0.2}
const OPTIMIZERS: Readonly<Record<string, OptimizerSpec>> = {adam: {kind: 'adam'}, sgd: {kind: 'sgd', momentum: 0.9}}

const IMAGES: DataSpec = {
  path: 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz',
  preprocess: {scale: 1 / 255, mean: [0.286], std: [0.353]},
  seed: 0,
}
const MAILS: DataSpec = {path: 'fixtures/spam/spam_train.npz', seed: 0}

/** Half of every weight, and a wave. */
function moveWeights(model: Model): void {
  const {graph} = model
  untieConstants(graph, specsFor(model))
  for (const {value} of selectParameters(graph, specsFor(model)).trainable) {
    if (!value.constant) continue
    const moved = readFloat32(value.constant).map((weight, index) => 0.5 * weight + 0.02 * Math.sin(index + 1))
    graph.setConstant(value, float32(moved, value.constant.shape))
  }
}

/** Images whose pixels differ. */
function withWave(array: BatchInput): BatchInput {
  if (array.dtype !== 'float32') return array
  return {...array, data: (array.data as Float32Array).map((pixel, index) => pixel + 0.1 * Math.sin(index + 1))}
}

/** The rows of an array, each at the place from which a training takes it in the order they have here. */
function spread({dtype, shape, data}: BatchInput, places: readonly number[]): Buffer {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const [rows, size] = [new Uint8Array(bytes.length), bytes.length / places.length]
  for (const [row, place] of places.entries()) rows.set(bytes.subarray(row * size, (row + 1) * size), place * size)
  return npyBytes({descr: dtype === 'float32' ? '<f4' : '<i8', shape, data: rows})
}

async function writeSamples(path: string, dataset: Dataset, count: number): Promise<void> {
  const shuffled = dataset.round({seed: 0, skip: 0})
  const places = Array.from({length: count}, (_, position) => shuffled.keptAt(position))
  const labels = BigInt64Array.from({length: count}, (_, row) => BigInt(dataset.labels?.[row] ?? -1))
  for await (const {inputs} of dataset.batches(count)) {
    const arrays = Object.entries<BatchInput>({...inputs, label: {dtype: 'int64', shape: [count], data: labels}})
    writeFileSync(
      path,
      zipOf(arrays.map(([name, array]) => ({name: `${name}.npy`, bytes: spread(withWave(array), places)}))),
    )
  }
}

describe('loss curves', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mopt-curves-'))
  })
  after(() => rmSync(folder, {recursive: true}))

  for (const [net, batch] of Object.entries(BATCHES)) {
    for (const kind of ['adam', 'sgd'] as const) {
      it(`${net} with ${kind}: the losses of the first steps are PyTorch's`, async () => {
        const wanted = (await readArrays('curves')).get(`${net}:${kind}`)?.data as Float64Array
        const {model, close} = await openModel(`fixtures/models/${net}.onnx`)
        const copy = await trainingCopy(model)
        close()
        moveWeights(copy)
        const path = join(folder, `${net}.npz`)
        const count = STEPS * batch
        const ports = planInputs(copy, {batch: count, inputShapes: {}, dims: net === 'bert_spam' ? {seq: 64} : {}})
        await writeSamples(
          path,
          await openData({...(net.endsWith('spam') ? MAILS : IMAGES), limit: count}, ports),
          count,
        )
        const {firstLosses} = await train(copy, {
          name: net,
          settings: {provider: 'cpu', threads: 1, ...(net === 'bert_spam' && {dims: {seq: 64}})},
          data: {path, seed: 0},
          losses: [{kind: 'cross-entropy'}],
          update: {
            optimizer: OPTIMIZERS[kind] as OptimizerSpec,
            schedule: {kind: 'constant', learningRate: (PACE[net] ?? 1) * RATES[kind]},
          },
          batch,
          epochs: 1,
          seed: 0,
          batchStatistics: net.endsWith('_bn'),
        })
        expect(firstLosses).to.have.length(STEPS)
        for (const [step, loss] of firstLosses.entries()) {
          // four digits
          expect(loss, `step ${step}`).to.be.closeTo(wanted[step] as number, 5e-5 * Math.max(1, loss))
        }
      })
    }
  }
})
