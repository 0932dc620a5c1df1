/**
 * What training wins back: accuracy of pruned and of quantized models on all of Fashion-MNIST, by the commands that a user types.
 *   npm run test:benchmarks -- recovery
 *   npx tsx test/benchmarks/recovery.ts [word of a case ...]
 */
import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const FOLDER = '/usr/share/datasets/fashion-mnist'
const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const IMAGES = ['--mean', '0.286', '--std', '0.353']
const DATA = ['--data', `${FOLDER}/train-images-idx3-ubyte.gz`, ...IMAGES]
const EVAL = ['--eval', `${FOLDER}/t10k-images-idx3-ubyte.gz`]
const LEARN = [...DATA, ...EVAL, '--no-time', '--seed', '0']
const INT4 = ['--mode', 'weights', '--weights', 'int4', ...EVAL, ...IMAGES]
const STATIC = [...DATA, ...EVAL, '--limit', '128']

interface Case {
  readonly what: string
  readonly model: string
  /** What is lost by; without `-o`. */
  readonly damage?: readonly string[]
  /** What it is won back by; `{model}` is the float model. */
  readonly recovery: readonly string[]
  /** Points by which the result may be below the float model. */
  readonly allowed?: number
}

const HALF = ['prune', '--sparsity', '50%', ...EVAL, ...IMAGES]
const TAUGHT = ['--teacher', '{model}', '--alpha', '1']

const CASES: readonly Case[] = [
  {
    what: '50 % zeros, 2 epochs with labels',
    model: 'resnet8_fm',
    damage: HALF,
    recovery: ['finetune', '--epochs', '2', ...LEARN],
    allowed: 0.7,
  },
  {
    what: '50 % zeros, 2 epochs with the dense teacher alone',
    model: 'resnet8_fm',
    damage: HALF,
    recovery: ['finetune', '--epochs', '2', ...TAUGHT, ...LEARN],
    allowed: 1.2,
  },
  {
    what: '90 % zeros, cubic in 5 epochs',
    model: 'mlp_fm',
    recovery: ['prune', '--sparsity', '90%', '--epochs', '5', ...LEARN],
    allowed: 1,
  },
  {
    what: '80 % zeros, cubic in 5 epochs',
    model: 'cnn_fm',
    recovery: ['prune', '--sparsity', '80%', '--epochs', '5', ...LEARN],
    allowed: 0.5,
  },
  {
    what: '80 % zeros, cubic in 5 epochs, the dense teacher alone',
    model: 'cnn_fm',
    recovery: ['prune', '--sparsity', '80%', '--epochs', '5', ...TAUGHT, ...LEARN],
  },
  ...(['mlp_fm', 'cnn_fm', 'resnet8_fm_bn', 'mobile_fm_bn'] as const).map((model) => ({
    what: 'int4 weights, 1 epoch with labels',
    model,
    damage: ['quantize', ...INT4],
    recovery: ['finetune', '--epochs', '1', ...LEARN],
    ...(model === 'mlp_fm' && {allowed: 0.5}),
  })),
  {
    what: 'int4 weights, 1 epoch with the float teacher alone',
    model: 'mlp_fm',
    damage: ['quantize', ...INT4],
    recovery: ['finetune', '--epochs', '1', ...TAUGHT, ...LEARN],
    allowed: 0.5,
  },
  {
    what: 'static int8, 1 epoch with labels',
    model: 'mobile_fm_bn',
    damage: ['quantize', ...STATIC],
    recovery: ['finetune', '--epochs', '1', ...LEARN],
    allowed: 0.2,
  },
  {
    what: 'static int8, 1 epoch with the float teacher alone',
    model: 'mobile_fm_bn',
    damage: ['quantize', ...STATIC],
    recovery: ['finetune', '--epochs', '1', ...TAUGHT, ...LEARN],
    allowed: 0.2,
  },
]

/** What this program reads of a command's `--json`. */
interface Result {
  readonly metric: {readonly before: number; readonly after: number}
  readonly seconds: number
}

if (!existsSync(FOLDER)) throw new Error(`${FOLDER} is missing: install Debian's package dataset-fashion-mnist`)
const words = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'mopt-recovery-'))
let isMissed = false
try {
  for (const one of CASES) if (words.every((word) => `${one.model} ${one.what}`.includes(word))) runCase(one)
} finally {
  rmSync(folder, {recursive: true})
}
process.exitCode = isMissed ? 1 : 0

function runCase({what, model, damage, recovery, allowed}: Case): void {
  const float = `fixtures/models/${model}.onnx`
  const damaged = damage && mopt(damage, float, 'damaged.onnx')
  const from = damage ? join(folder, 'damaged.onnx') : float
  const result = mopt(
    recovery.map((argument) => argument.replace('{model}', float)),
    from,
    'recovered.onnx',
  )
  const accuracy = damaged ? damaged.metric.before : result.metric.before
  const points = 100 * (result.metric.after - accuracy)
  const isFine = allowed === undefined || points >= -allowed
  isMissed ||= !isFine
  const before = damaged ? `${damaged.metric.after.toFixed(4)} to ` : ''
  const limit = allowed === undefined ? '' : `, allowed -${allowed}: ${isFine ? 'ok' : 'MISSED'}`
  console.log(
    `${model}, ${what}: float ${accuracy.toFixed(4)}, ${before}${result.metric.after.toFixed(4)} (${points.toFixed(2)} points${limit}), ${Math.round(result.seconds)} s`,
  )
}

function mopt([verb = '', ...flags]: readonly string[], model: string, output: string): Result {
  const args = [PROGRAM, verb, model, ...flags, '-o', join(folder, output), '--force', '--json']
  const {stdout, stderr, status} = spawnSync(process.execPath, args, {encoding: 'utf8', maxBuffer: 2 ** 28})
  if (status !== 0) throw new Error(`mopt ${args.slice(1).join(' ')} ended with ${status}: ${stdout}${stderr}`)
  return JSON.parse(stdout)
}
