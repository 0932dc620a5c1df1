/**
 * Trains the architecture of a model in fixtures/models (mlp_fm, cnn_fm, resnet8_fm_bn, mobile_fm_bn) from scratch on all of
 * Fashion-MNIST and prints the curve.
 *   npx tsx test/benchmarks/train.ts [--epochs 3] [--batch 64] [--threads 1] [--model mlp_fm] [--rate 0.001]
 */
import {existsSync} from 'node:fs'
import {parseArgs} from 'node:util'
import {uniformFloat64} from 'pure-rand/distribution/uniformFloat64'
import {mersenne} from 'pure-rand/generator/mersenne'
import type {DataSpec} from '../../src/data/dataset.js'
import {openModel} from '../../src/io/open-model.js'
import type {Model} from '../../src/ir/model.js'
import type {Node} from '../../src/ir/node.js'
import {elementCount, float32} from '../../src/ir/tensor.js'
import {inferModel, opsetOf} from '../../src/ops/infer-graph.js'
import {lookup} from '../../src/ops/registry.js'
import {upgradeOpset} from '../../src/passes/upgrade/upgrade-opset.js'
import {untieConstants} from '../../src/train/parameters.js'
import {train} from '../../src/train/trainer.js'

const FOLDER = '/usr/share/datasets/fashion-mnist'
const OPSET = 17
const SEED = 0

const {values: flags} = parseArgs({
  options: {
    epochs: {type: 'string', default: '3'},
    batch: {type: 'string', default: '64'},
    threads: {type: 'string', default: '1'},
    model: {type: 'string', default: 'mlp_fm'},
    rate: {type: 'string', default: '0.001'},
  },
})

if (!existsSync(FOLDER)) throw new Error(`${FOLDER} is missing: install Debian's package dataset-fashion-mnist`)
const opened = await openModel(`fixtures/models/${flags.model}.onnx`)
const {model} = opened
inferModel(model)
await upgradeOpset({from: model.opsets.get('') ?? 13, to: OPSET}).run(model.graph)
model.opsets.set('', OPSET)
initialize(model)

const startMs = performance.now()
const result = await train(
  model,
  {
    name: flags.model,
    settings: {provider: 'cpu', threads: Number(flags.threads)},
    data: {...pixels('train'), shuffle: true},
    evaluation: {data: pixels('t10k'), metric: 'top1', batch: 500},
    losses: [{kind: 'cross-entropy'}],
    batchStatistics: true,
    update: {optimizer: {kind: 'adam'}, schedule: {kind: 'cosine', learningRate: Number(flags.rate)}},
    batch: Number(flags.batch),
    epochs: Number(flags.epochs),
    seed: SEED,
  },
  {
    onEpoch({epoch, loss, metric, samplesPerSecond}) {
      const accuracy = metric?.toFixed(4)
      console.log(
        `epoch ${epoch}: loss ${loss.toFixed(4)}, accuracy ${accuracy}, ${Math.round(samplesPerSecond)} samples/s`,
      )
    },
  },
)
const wallS = ((performance.now() - startMs) / 1000).toFixed(1)
const peakMb = Math.round(result.peakRssBytes / 2 ** 20)
console.log(`${result.steps} steps in ${wallS} s, best epoch ${result.bestEpoch}, peak memory ${peakMb} MB`)
if (result.stopped) console.log(result.stopped)
opened.close()

function pixels(set: 'train' | 't10k'): DataSpec {
  return {
    path: `${FOLDER}/${set}-images-idx3-ubyte.gz`,
    preprocess: {scale: 1 / 255, mean: [0.286], std: [0.353]},
    seed: SEED,
  }
}

/** PyTorch's default for Linear and Conv: everything uniform in ±1/√fanIn, biases by the fan-in of their layer. */
function initialize(target: Model): void {
  const random = mersenne(SEED)
  const uniform = (shape: readonly number[], bound: number): Float32Array => {
    return Float32Array.from({length: elementCount(shape)}, () => (2 * uniformFloat64(random) - 1) * bound)
  }
  untieConstants(target.graph, (node) => lookup(node, opsetOf(node, target)))
  for (const node of target.graph.nodes()) {
    const [, weight, bias] = node.inputs
    if (node.opType === 'BatchNormalization') resetNormalization(node)
    if (!['Gemm', 'Conv'].includes(node.opType) || !weight?.constant) continue
    const {shape} = weight.constant
    const fanIn = elementCount(shape) / (shape[0] ?? 1)
    for (const value of [weight, bias]) {
      if (!value?.constant) continue
      const sizes = value.constant.shape
      target.graph.setConstant(value, float32(uniform(sizes, 1 / Math.sqrt(fanIn)), sizes))
    }
  }
}

/** Scale and variance 1, bias and mean 0. */
function resetNormalization(node: Node): void {
  for (const [index, fresh] of [1, 0, 0, 1].entries()) {
    const value = node.inputs[index + 1]
    const shape = value?.constant?.shape
    if (value && shape) node.graph.setConstant(value, float32(new Float32Array(elementCount(shape)).fill(fresh), shape))
  }
}
