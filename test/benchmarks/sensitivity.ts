import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openModel} from '../../src/io/open-model.js'
import {firstDraft} from '../../src/pipelines/quantize/choose-draft.js'
import {layerErrors} from '../../src/pipelines/quantize/sensitivity.js'
import {openStudio} from '../../src/pipelines/quantize/studio.js'
import {prepare} from '../../src/pipelines/transform/open-work.js'
import {quantizeOptions, SILENT} from '../support/pipeline-options.js'
import {spearman} from '../support/spearman.js'
import {type Task, tasks} from './accuracy/tasks.js'

/**
 * How well the estimate by gradients ranks layers: Spearman's correlation with what each layer was measured to do alone, and the seconds
 * that both took. `tsx test/benchmarks/sensitivity.ts REGEX` runs what matches as `model: mode`.
 */

const MODES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  static: {mode: 'static', calibration: 'minmax'},
  int4: {mode: 'weights', weights: 'int4'},
  int8: {mode: 'weights'},
}
const MODELS = [
  'resnet8_fm_bn',
  'mobile_fm_bn',
  'bert_spam',
  'det_fm',
  'vit_fm',
  'lstm_spam',
  'gpt_brown',
  'ocr detector',
  'ocr recognizer',
]

const wanted = new RegExp(process.argv[2] ?? '')
const scratch = mkdtempSync(join(tmpdir(), 'mopt-sensitivity-'))
try {
  const known = tasks(scratch, undefined)
  for (const name of MODELS) {
    for (const mode of Object.keys(MODES).filter((one) => wanted.test(`${name}: ${one}`))) {
      const task = await known.get(name)?.()
      if (task) process.stdout.write(await row(`${name}: ${mode}`, task, MODES[mode] ?? {}))
    }
  }
} finally {
  rmSync(scratch, {recursive: true})
}

async function row(title: string, task: Task, own: Readonly<Record<string, unknown>>): Promise<string> {
  const base = quantizeOptions({...own, guard: false, time: false})
  const [, path = '', , mean, , std] = task.data
  const preprocess = mean && std ? {mean: [Number(mean)], std: [Number(std)]} : undefined
  const options = {...base, data: {...base.data, samples: path, ...(preprocess && {preprocess})}}
  const file = await openModel(task.path)
  try {
    const opened = await prepare(file, options, {budget: undefined})
    const studio = await openStudio(opened, options, SILENT)
    const ranking = {reference: task.path, data: opened.data.learn as never, folder: scratch}
    const ranked = async (mostMeasured: number) => {
      const start = performance.now()
      const layers = await layerErrors(studio, firstDraft(studio), {...ranking, mostMeasured})
      return {layers, seconds: (performance.now() - start) / 1000}
    }
    const [estimated, measured] = [await ranked(0), await ranked(Number.POSITIVE_INFINITY)]
    const errors = new Map(measured.layers.map(({choice, error}) => [choice.node, error]))
    const pairs = estimated.layers.map(({choice, error}) => [error, errors.get(choice.node) ?? 0] as const)
    const [most] = measured.layers
    const at = estimated.layers.findIndex(({choice}) => choice.node === most?.choice.node) + 1
    const how = `${estimated.layers[0]?.measure} ~ ${most?.measure}`
    if (process.env.MOPT_SHOW)
      for (const [e, m] of pairs) process.stdout.write(`    ${e.toExponential(2)} ${m.toExponential(2)}\n`)
    return `${title.padEnd(24)} ${pairs.length} layers, Spearman ${spearman(pairs).toFixed(3)}, the worst is number ${at}  [${how}] ${estimated.seconds.toFixed(1)} s against ${measured.seconds.toFixed(1)} s\n`
  } finally {
    file.close()
  }
}
