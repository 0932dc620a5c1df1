import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {IMAGE_DATA, quantizeOptions, SILENT} from '../support/pipeline-options.js'

/**
 * What each calibration method costs in accuracy: top1 of the image models of the fixtures, 128 samples, judged on all 10,000 test
 * images where Debian's dataset-fashion-mnist is installed, else on the 1,000 of the fixtures.
 */

const MODELS = ['cnn_fm', 'mobile_fm_bn', 'resnet8_fm_bn', 'mlp_fm']
const METHODS = ['minmax', 'percentile', 'entropy', 'mse'] as const
/** Largest loss, as a share of the samples. */
const LIMIT = 0.003
const FULL_SET = '/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz'
const DATA = {...IMAGE_DATA, eval: existsSync(FULL_SET) ? FULL_SET : IMAGE_DATA.eval}

const folder = mkdtempSync(join(tmpdir(), 'mopt-calibration-'))
let worst = 0
try {
  process.stdout.write(`${['model', 'float', ...METHODS].map((text) => text.padEnd(16)).join('')}\n`)
  for (const model of MODELS) process.stdout.write(`${(await row(model)).map((text) => text.padEnd(16)).join('')}\n`)
} finally {
  rmSync(folder, {recursive: true})
}
process.stdout.write(`largest loss ${(100 * worst).toFixed(2)} points (limit ${100 * LIMIT})\n`)
process.exit(worst <= LIMIT ? 0 : 1)

async function row(model: string): Promise<string[]> {
  const cells: string[] = []
  for (const calibration of METHODS) {
    const options = quantizeOptions({
      ...DATA,
      mode: 'static',
      calibration,
      output: join(folder, `${model}.${calibration}.onnx`),
    })
    const {metric, seconds} = await quantize(`fixtures/models/${model}.onnx`, options, SILENT)
    if (!metric) throw new Error(`${model}: no accuracy was measured`)
    if (cells.length === 0) cells.push(model, metric.before.toFixed(4))
    cells.push(`${(metric.after ?? Number.NaN).toFixed(4)} ${seconds.toFixed(1)} s`)
    worst = Math.max(worst, metric.before - (metric.after ?? Number.NaN))
  }
  return cells
}
