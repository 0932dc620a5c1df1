import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {runMopt} from '../support/run-mopt.js'
import {type Task, tasks} from './accuracy/tasks.js'

/**
 * What models achieve at their tasks after `quantize`, by its defaults with samples and in other forms, beside what the float files do:
 * task, share of the bytes, and the speed-up unless MOPT_ACCURACY_TIME is 0. `tsx test/benchmarks/accuracy.ts REGEX` runs
 * what matches as `model: form`; MOPT_TRUST_MODELS names a folder with models of other packages.
 */

const FORMS: Readonly<Record<string, readonly string[]>> = {
  default: [],
  int4: ['--weights', 'int4'],
  // what the defaults are held against
  'minmax, no guard': ['--mode', 'static', '--calibration', 'minmax', '--no-guard'],
  'all int8': ['--override', '.*=int8', '--calibration', 'minmax', '--no-guard'],
  'int4, no guard': ['--weights', 'int4', '--no-guard'],
}

/** What a form must achieve: an absolute value, or how far below float it may be. */
const WANTED: Readonly<Record<string, {readonly atLeast?: number; readonly below?: number; readonly bytes?: number}>> =
  {
    'ocr recognizer: default': {atLeast: 0.98},
    'ocr detector: default': {atLeast: 0.97},
    'ocr directions: default': {atLeast: 1},
    'det_fm: default': {atLeast: 0.868},
    'resnet8_fm_bn: default': {below: 0.001},
    'cnn_fm: default': {below: 0.001},
    'mobile_fm_bn: default': {below: 0.001},
    'vit_fm: default': {below: 0.005},
    'ocr recognizer: int4': {atLeast: 0.95, bytes: 0.2},
    'ocr detector: int4': {atLeast: 0.95},
    'bert_spam: int4': {atLeast: 0.979, bytes: 0.17},
  }

const wanted = new RegExp(process.argv[2] ?? '')
const isTimed = process.env.MOPT_ACCURACY_TIME !== '0'
const scratch = mkdtempSync(join(tmpdir(), 'mopt-accuracy-'))
let missed = 0
try {
  for (const [name, make] of tasks(scratch, process.env.MOPT_TRUST_MODELS)) {
    const forms = Object.keys(FORMS).filter((form) => wanted.test(`${name}: ${form}`))
    if (forms.length === 0) continue
    const task = await make()
    const float = await task.value(task.path)
    process.stdout.write(`\n${name} (${task.measure}), float ${float.toFixed(4)}\n`)
    for (const form of forms) process.stdout.write(await row(`${name}: ${form}`, form, task, float))
  }
} finally {
  rmSync(scratch, {recursive: true})
}
process.stdout.write(`\n${missed} rows miss what they must show\n`)
process.exit(missed > 0 ? 1 : 0)

async function row(title: string, form: string, task: Task, float: number): Promise<string> {
  const output = join(scratch, 'changed.onnx')
  const flags = [...task.data, ...(FORMS[form] ?? []), '--threads', '1', ...(isTimed ? [] : ['--no-time'])]
  const {code, stdout, stderr} = await runMopt(['quantize', task.path, ...flags, '--json', '-o', output, '--force'])
  if (code !== 0) {
    missed += title in WANTED ? 1 : 0
    return `  ${form.padEnd(18)} exit ${code}: ${stderr.trim().slice(0, 160)}\n`
  }
  const {input, output: written, timing, mode, calibration, seconds} = JSON.parse(stdout)
  const value = await task.value(output)
  const share = written.sizeBytes / input.sizeBytes
  const verdict = verdictOf(title, {value, float, share})
  const speed = timing ? `${speedUp(timing.ratio)}× (${speedUp(timing.high)} to ${speedUp(timing.low)})` : ''
  const how = [mode, calibration].filter(Boolean).join(', ')
  const figures = `${value.toFixed(4)}  ${(100 * share).toFixed(1).padStart(5)} % of the bytes  ${speed}`
  return `  ${form.padEnd(18)} ${figures}  [${how}] ${seconds.toFixed(0)} s ${verdict}\n`
}

/** How many times faster, of a ratio of latencies. */
function speedUp(ratio: number): string {
  return (1 / ratio).toFixed(2)
}

function verdictOf(title: string, {value, float, share}: {value: number; float: number; share: number}): string {
  const own = WANTED[title]
  if (!own) return ''
  const least = own.atLeast ?? float - (own.below ?? 0)
  const isKept = value >= least - 1e-9 && share <= (own.bytes ?? 1)
  missed += isKept ? 0 : 1
  return isKept ? 'ok' : `MISSED (at least ${least.toFixed(4)}${own.bytes ? ` at ${100 * own.bytes} %` : ''})`
}
