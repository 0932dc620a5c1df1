import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {perplexity} from '../../../src/metrics/perplexity.js'
import {top1} from '../../../src/metrics/top1.js'
import {evaluate} from '../../../src/runtime/evaluate/evaluate.js'
import {npzArrays} from '../../support/npz-arrays.js'
import {IMAGE_DATA, SPAM_DATA} from '../../support/pipeline-options.js'
import {meanAveragePrecision} from '../../support/witness/average-precision.js'
import {type Box, suppressed} from '../../support/witness/boxes.js'
import {lineClassifier, textDetector, textRecognizer} from '../../support/witness/text.js'
import {floats, outputsOf, type Witness} from '../../support/witness/witness.js'
import {lineDetector} from '../trust/drawn-lines.js'
import {faceDetector} from '../trust/faces.js'

/** A model and what it is for. */
export interface Task {
  readonly path: string
  readonly measure: string
  /** Flags that give the samples to learn from. */
  readonly data: readonly string[]
  /** What a file of the model achieves, by the truth or, where that is not known, by the float model's answers. */
  readonly value: (path: string) => Promise<number>
}

const MODELS = 'fixtures/models'
const SHARED = '../shared'
const SETTINGS = {provider: 'cpu', threads: 1} as const
const FULL_SET = '/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz'
const [SIDE, CELLS, CLASSES] = [96, 144, 10]
/** Of Debian's fonts-liberation: calibration has DejaVu. */
const OTHER_FONTS = ['Liberation Sans', 'Liberation Serif', 'Liberation Mono']

/**
 * Tasks by the name of their models, made when asked for.
 *
 * @param scratch takes samples.
 * @param foreign a folder with models of packages that are no dependency, as for `trust`.
 */
export function tasks(scratch: string, foreign: string | undefined): ReadonlyMap<string, () => Promise<Task>> {
  const images = ['resnet8_fm_bn', 'cnn_fm', 'mobile_fm_bn', 'mlp_fm', 'vit_fm']
  const counts = {learned: 100, judged: 200}
  return new Map<string, () => Promise<Task>>([
    ['ocr recognizer', () => witnessed(textRecognizer(scratch, counts, installed(OTHER_FONTS)))],
    ['ocr detector', () => witnessed(textDetector(scratch, {learned: 30, judged: 40}))],
    ['ocr directions', () => witnessed(lineClassifier(scratch, counts))],
    ['det_fm', async () => detector()],
    ...images.map((name) => [name, async () => classifier(name)] as const),
    ['bert_spam', async () => spam('bert_spam')],
    ['lstm_spam', async () => spam('lstm_spam')],
    ...(existsSync(SHARED) ? ([['gpt_brown', async () => languageModel()]] as const) : []),
    ...(foreign === undefined ? [] : others(foreign, scratch)),
  ])
}

/** A font that is missing would be replaced without a word. */
function installed(fonts: readonly string[]): readonly string[] {
  for (const font of fonts) {
    if (spawnSync('fc-match', [font], {encoding: 'utf8'}).stdout?.includes(font)) continue
    throw new Error(`expected the font ${font}: install fonts-liberation`)
  }
  return fonts
}

function others(folder: string, scratch: string): [string, () => Promise<Task>][] {
  const faces = {models: join(folder, 'blazeface/ONNX'), pictures: join(folder, 'faces'), scratch}
  return [
    ['faces front', () => witnessed(faceDetector('front', faces))],
    ['faces back', () => witnessed(faceDetector('back', faces))],
    ['drawn lines', () => witnessed(lineDetector(join(folder, 'mlsd/ONNX/mlsd_320x320_tiny.onnx'), scratch))],
  ]
}

async function witnessed(made: Witness | Promise<Witness>): Promise<Task> {
  const {path, task, data, prepare} = await made
  return {path, measure: `${task} as float`, data, value: await prepare()}
}

function classifier(name: string): Task {
  const {data, preprocess, eval: few} = IMAGE_DATA
  const flags = ['--mean', String(preprocess.mean), '--std', String(preprocess.std)]
  const judged = {path: existsSync(FULL_SET) ? FULL_SET : few, preprocess, seed: 0}
  return {
    path: `${MODELS}/${name}.onnx`,
    measure: 'top1',
    data: ['--data', data, ...flags],
    value: (path) => measured(path, judged, top1),
  }
}

function spam(name: string): Task {
  const [learned, judged] = existsSync(SHARED)
    ? [`${SHARED}/data/spam_train.npz`, `${SHARED}/data/spam_test.npz`]
    : ['fixtures/spam/spam_train.npz', SPAM_DATA.eval]
  return {
    path: `${MODELS}/${name}.onnx`,
    measure: 'top1',
    data: ['--data', learned],
    value: (path) => measured(path, {path: judged, seed: 0}, top1),
  }
}

function languageModel(): Task {
  const [learned, judged] = [`${SHARED}/data/brown_train.npz`, `${SHARED}/data/brown_test.npz`]
  return {
    path: `${SHARED}/models/gpt_brown.onnx`,
    measure: 'perplexity',
    data: ['--data', learned],
    value: (path) => measured(path, {path: judged, seed: 0, limit: 200}, perplexity),
  }
}

/** One sample a run: what is quantized at run time depends on the batch. */
async function measured(
  path: string,
  data: Parameters<typeof evaluate>[2]['data'],
  metric: typeof top1,
): Promise<number> {
  const {data: outputs, shape, labels} = await evaluate(path, SETTINGS, {data, batch: 1})
  return labels ? metric.compute(outputs, shape, labels).value : Number.NaN
}

function detector(): Task {
  const folder = existsSync(SHARED) ? `${SHARED}/data` : 'fixtures/scenes'
  return {
    path: `${MODELS}/det_fm.onnx`,
    measure: 'mAP@.5',
    data: ['--data', `${folder}/det_train.npz`],
    value: async (path) => {
      const arrays = await npzArrays(`${folder}/det_test.npz`)
      const pixels = arrays.get('images')?.data as Uint8Array
      const count = pixels.length / SIDE ** 2
      const feeds = Array.from({length: count}, (_, i) => {
        const picture = Float32Array.from(pixels.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2))
        return {images: new OrtTensor('float32', picture, [1, 1, SIDE, SIDE])}
      })
      const found = (await outputsOf(path, feeds)).map((outputs) => {
        return suppressed(boxesIn(floats(outputs, 'boxes'), floats(outputs, 'scores')), 0.5)
      })
      return meanAveragePrecision(found, truthOf(arrays, count))
    },
  }
}

/** Scores below this are not looked at. */
const FAINT = 0.05

function boxesIn(corners: Float32Array, scores: Float32Array): Box[] {
  return Array.from({length: CELLS * CLASSES}, (_, i) => {
    const [cell, label] = [Math.floor(i / CLASSES), i % CLASSES]
    return {corners: cornersAt(corners, cell), label, score: scores[i] as number}
  }).filter(({score}) => score >= FAINT)
}

/** Padded with −1 to as many boxes a picture. */
function truthOf(arrays: Awaited<ReturnType<typeof npzArrays>>, pictures: number): Box[][] {
  const corners = arrays.get('boxes')?.data as Float32Array
  const labels = Array.from((arrays.get('classes')?.data ?? []) as ArrayLike<number | bigint>, Number)
  const each = labels.length / pictures
  return Array.from({length: pictures}, (_, picture) => {
    return labels
      .slice(picture * each, (picture + 1) * each)
      .map((label, i) => ({corners: cornersAt(corners, picture * each + i), label, score: 1}))
      .filter(({label}) => label >= 0)
  })
}

function cornersAt(values: Float32Array, box: number): Box['corners'] {
  return Array.from(values.subarray(4 * box, 4 * box + 4)) as [number, number, number, number]
}
