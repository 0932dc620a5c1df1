import {join} from 'node:path'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {OCR, RECOGNIZER} from '../model-zoo.js'
import type {Feeds} from '../pass-trial.js'
import {readLines} from '../read-lines.js'
import {LINE, type RenderedLine, renderLines} from '../rendered-lines.js'
import {renderPages} from '../rendered-pages.js'
import {writeTestData} from '../test-data-writer.js'
import {against, decisionF1, largestOf, outputsOf, shareEqual, type Witness} from './witness.js'

/** Seeds of the lines to learn from and of those to judge on. */
const SEEDS = {learned: 1, judged: 2}

export interface Counts {
  readonly learned: number
  readonly judged: number
}

/**
 * PaddleOCR's recognizer: lines of text that read exactly as the float model reads them.
 *
 * @param fonts of the lines to judge on; those of the lines to learn from when absent.
 */
export async function textRecognizer(folder: string, counts: Counts, fonts?: readonly string[]): Promise<Witness> {
  const learned = await renderLines(counts.learned, SEEDS.learned)
  const data = writeTestData(join(folder, 'lines'), learned.map(lineFeeds))
  return {
    path: RECOGNIZER,
    task: 'exact lines',
    data: ['--data', data],
    prepare: against(
      RECOGNIZER,
      async (path) => readLines(path, await renderLines(counts.judged, SEEDS.judged, fonts)),
      shareEqual,
    ),
  }
}

/** PaddleOCR's classifier of upside-down lines: labels. Every other line stands on its head. */
export async function lineClassifier(folder: string, counts: Counts): Promise<Witness> {
  const path = `${OCR}/ch_ppocr_mobile_v2.0_cls_infer.onnx`
  const samples = async (count: number, seed: number) => (await renderLines(count, seed)).map(turnedFeeds)
  return {
    path,
    task: 'labels',
    data: ['--data', writeTestData(join(folder, 'turned'), await samples(counts.learned, SEEDS.learned))],
    prepare: against(
      path,
      async (file) => {
        const outputs = await outputsOf(file, await samples(counts.judged, SEEDS.judged))
        return outputs.flatMap((all) => largestOf(Object.values(all)[0]?.data as Float32Array, 2))
      },
      shareEqual,
    ),
  }
}

/** PaddleOCR's detector of text: the pixels it takes for text, on pages of three lines. */
export async function textDetector(folder: string, counts: Counts): Promise<Witness> {
  const path = `${OCR}/ch_PP-OCRv4_det_infer.onnx`
  const data = writeTestData(join(folder, 'pages'), await renderPages(counts.learned, SEEDS.learned))
  return {
    path,
    task: 'IoU of the mask',
    data: ['--data', data],
    prepare: against(
      path,
      async (file) => {
        const outputs = await outputsOf(file, await renderPages(counts.judged, SEEDS.judged))
        return outputs.flatMap((all) => Array.from(Object.values(all)[0]?.data as Float32Array, (value) => value > 0.3))
      },
      intersectionOverUnion,
    ),
  }
}

function intersectionOverUnion(float: readonly boolean[], changed: readonly boolean[]): number {
  const f1 = decisionF1(float, changed)
  return f1 / (2 - f1)
}

function lineFeeds({pixels}: RenderedLine): Feeds {
  return {x: new OrtTensor('float32', pixels, [1, 3, LINE.height, LINE.width])}
}

const CLASSIFIED = 192

/** The first 192 columns of a line, every other one turned by 180 degrees. */
function turnedFeeds({pixels}: RenderedLine, number: number): Feeds {
  const cut = new Float32Array(3 * LINE.height * CLASSIFIED)
  for (let row = 0; row < 3 * LINE.height; row++) {
    cut.set(pixels.subarray(row * LINE.width, row * LINE.width + CLASSIFIED), row * CLASSIFIED)
  }
  const plane = LINE.height * CLASSIFIED
  if (number % 2 === 1) for (let c = 0; c < 3; c++) cut.subarray(c * plane, (c + 1) * plane).reverse()
  return {x: new OrtTensor('float32', cut, [1, 3, LINE.height, CLASSIFIED])}
}
