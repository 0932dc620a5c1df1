/**
 * Trains the architecture of a model in fixtures/models from scratch and prints the curve: mlp_fm, cnn_fm, resnet8_fm_bn, mobile_fm_bn on
 * all of Fashion-MNIST, bert_spam and lstm_spam on the spam corpus, of which fixtures/spam has a part.
 *   npx tsx test/benchmarks/train.ts [--model mlp_fm] [--epochs 3] [--batch 64] [--threads 1] [--rate 0.001] [--seed 0] [--spam FOLDER]
 */
import {existsSync} from 'node:fs'
import {parseArgs} from 'node:util'
import type {DataSpec} from '../../src/data/dataset.js'
import {openModel} from '../../src/io/open-model.js'
import {opsetOf} from '../../src/ops/infer-graph.js'
import {lookup} from '../../src/ops/registry.js'
import {trainingCopy} from '../../src/pipelines/train/training-copy.js'
import {train} from '../../src/train/trainer.js'
import {reinitialize} from '../../src/train/weights/reinitialize.js'

const FASHION = '/usr/share/datasets/fashion-mnist'
const SPAM = existsSync('../shared/data/spam_train.npz') ? '../shared/data' : 'fixtures/spam'

const {values: flags} = parseArgs({
  options: {
    model: {type: 'string', default: 'mlp_fm'},
    epochs: {type: 'string', default: '3'},
    batch: {type: 'string', default: '64'},
    threads: {type: 'string', default: '1'},
    rate: {type: 'string', default: '0.001'},
    seed: {type: 'string', default: '0'},
    spam: {type: 'string', default: SPAM},
  },
})

const seed = Number(flags.seed)
const isSpam = flags.model.endsWith('_spam')
if (!isSpam && !existsSync(FASHION)) {
  throw new Error(`${FASHION} is missing: install Debian's package dataset-fashion-mnist`)
}
const opened = await openModel(`fixtures/models/${flags.model}.onnx`)
const model = await trainingCopy(opened.model)
reinitialize(model.graph, {specOf: (node) => lookup(node, opsetOf(node, model)), seed})

const startMs = performance.now()
const result = await train(
  model,
  {
    name: flags.model,
    settings: {provider: 'cpu', threads: Number(flags.threads)},
    data: {...samples('train'), shuffle: true},
    evaluation: {data: samples('test'), metric: 'top1', batch: 100},
    losses: [{kind: 'cross-entropy'}],
    batchStatistics: true,
    update: {optimizer: {kind: 'adam'}, schedule: {kind: 'cosine', learningRate: Number(flags.rate)}},
    batch: Number(flags.batch),
    epochs: Number(flags.epochs),
    seed,
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

function samples(set: 'train' | 'test'): DataSpec {
  if (isSpam) return {path: `${flags.spam}/spam_${set}.npz`, seed}
  return {
    path: `${FASHION}/${set === 'train' ? 'train' : 't10k'}-images-idx3-ubyte.gz`,
    preprocess: {scale: 1 / 255, mean: [0.286], std: [0.353]},
    seed,
  }
}
