import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {QuantizeOptions} from '../../src/options/quantize.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {RECOGNIZER} from '../support/model-zoo.js'
import {type Flat, quantizeOptions, SILENT} from '../support/pipeline-options.js'
import {readLines} from '../support/read-lines.js'
import {LINE, renderLines} from '../support/rendered-lines.js'
import {writeTestData} from '../support/test-data-writer.js'

/**
 * Lines of text that PaddleOCR's recognizer reads exactly as the float model does, by mode: 200 rendered lines to judge on, 100
 * others to calibrate on.
 */

const JUDGED = 200
const LEARNED = 100
/** Share of lines that must stay as they were, for the modes that promise it. */
const LIMIT = 0.98

const MODES: Readonly<Record<string, Flat<QuantizeOptions>>> = {
  'static, as --data gives it': {},
  'static, percentile': {calibration: 'percentile'},
  'static, mse': {calibration: 'mse'},
  'weights int8': {mode: 'weights'},
  'weights uint8': {mode: 'weights', weights: 'uint8'},
  'weights int4': {mode: 'weights', weights: 'int4'},
  float16: {mode: 'float16'},
}
const PROMISED = ['static, as --data gives it', 'static, percentile', 'weights int8', 'weights uint8', 'float16']

const folder = mkdtempSync(join(tmpdir(), 'mopt-ocr-'))
let worst = 1
try {
  const learned = (await renderLines(LEARNED, 1)).map(({pixels}) => ({
    x: new OrtTensor('float32', pixels, [1, 3, LINE.height, LINE.width]),
  }))
  const data = writeTestData(join(folder, 'lines'), learned)
  const lines = await renderLines(JUDGED, 2)
  const float = await readLines(RECOGNIZER, lines)
  const right = float.filter((text, i) => text === lines[i]?.text).length
  process.stdout.write(`float: ${right} of ${JUDGED} lines right, ${statSync(RECOGNIZER).size} bytes\n`)
  for (const [title, mode] of Object.entries(MODES)) {
    const output = join(folder, 'changed.onnx')
    const options = quantizeOptions({...mode, data, output, force: true, verify: false})
    const {output: written} = await quantize(RECOGNIZER, options, SILENT)
    const texts = await readLines(output, lines)
    const same = texts.filter((text, i) => text === float[i]).length / JUDGED
    process.stdout.write(`${title.padEnd(28)} ${same.toFixed(3)} of the lines as float, ${written.sizeBytes} bytes\n`)
    if (PROMISED.includes(title)) worst = Math.min(worst, same)
  }
} finally {
  rmSync(folder, {recursive: true})
}
process.stdout.write(`worst of the modes that promise it: ${worst} (limit ${LIMIT})\n`)
process.exit(worst >= LIMIT ? 0 : 1)
