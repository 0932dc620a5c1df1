/**
 * What a teacher is worth: students with new weights, trained on labels alone, on labels and a teacher, and on a teacher alone, by the
 * built program. Prints the accuracy on the held-out set of every run and the means over the seeds.
 *   npx tsx test/benchmarks/distill.ts [small] [spam] [full] [normalization] [--seeds 3]
 */
import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import type {TrainingResult} from '../../src/results.js'

const FASHION = '/usr/share/datasets/fashion-mnist'
const SPAM = '../shared/data'
const MODELS = 'fixtures/models'
const PIXELS = ['--mean', '0.286', '--std', '0.353']

const {values: flags, positionals} = parseArgs({
  options: {seeds: {type: 'string', default: '3'}},
  allowPositionals: true,
})
const folder = mkdtempSync(join(tmpdir(), 'mopt-distill-'))
const sections: Readonly<Record<string, () => void>> = {small, spam, full, normalization}
const wanted = positionals.length > 0 ? positionals : Object.keys(sections)
try {
  for (const name of wanted) sections[name]?.()
} finally {
  rmSync(folder, {recursive: true})
}

/** 2,000 labelled images: an MLP alone, beside a CNN that knows better, and with what the CNN says alone. */
function small(): void {
  const data = [...images('train', ['--limit', '2000']), ...images('t10k')]
  const budget = ['--reinit', '--epochs', '60', '--lr', '1e-3', ...data]
  const student = `${MODELS}/mlp_fm.onnx`
  const teacher = ['distill', `${MODELS}/cnn_fm.onnx`, '--student', student]
  compare('cnn_fm to mlp_fm, 2,000 images', {
    'labels alone': ['finetune', student, ...budget],
    'labels and teacher': [...teacher, ...budget],
    'teacher alone': [...teacher, '--alpha', '1', ...budget],
  })
}

/** A teacher of another family on the same e-mails. */
function spam(): void {
  if (!existsSync(SPAM))
    throw new Error(`${SPAM} is missing: the e-mails that the models of fixtures/models were trained on`)
  const data = ['--data', `${SPAM}/spam_train.npz`, '--eval', `${SPAM}/spam_test.npz`]
  const budget = ['--reinit', '--epochs', '12', '--batch', '32', '--lr', '1e-3', ...data]
  const student = `${MODELS}/lstm_spam.onnx`
  compare('bert_spam to lstm_spam, 4,626 e-mails', {
    'labels alone': ['finetune', student, ...budget],
    // of two classes that are nearly certain softened scores say little: half of the loss, as they are
    'labels and teacher': [
      ...['distill', `${MODELS}/bert_spam.onnx`, '--student', student, ...budget],
      ...['--alpha', '0.5', '--temperature', '1'],
    ],
  })
}

/** All 60,000 images into a residual net of 78,000 weights that starts anew. */
function full(): void {
  const data = [...images('train'), ...images('t10k')]
  const student = [
    '--student',
    `${MODELS}/resnet8_fm_bn.onnx`,
    '--reinit',
    '--epochs',
    '4',
    '--lr',
    '3e-3',
    '--threads',
    '2',
  ]
  run('cnn_fm to resnet8_fm_bn, 60,000 images', [
    'distill',
    `${MODELS}/cnn_fm.onnx`,
    ...student,
    ...data,
    '--seed',
    '0',
  ])
}

/** A net that lost half of its weights, BatchNormalization by its running statistics or by those of the batches. */
function normalization(): void {
  const data = [...images('train', ['--limit', '12000']), ...images('t10k')]
  const pruned = join(folder, 'pruned.onnx')
  const line = ['bin/run.js', 'prune', `${MODELS}/resnet8_fm_bn.onnx`, '-o', pruned, '--sparsity', '0.5', '--no-time']
  spawnSync(process.execPath, line)
  const tune = ['finetune', pruned, '--epochs', '2', '--lr', '1e-3', ...data, '--seed', '0']
  for (const mode of ['running', 'batch']) run(`resnet8_fm_bn, ${mode} statistics`, [...tune, '--batch-norm', mode])
}

function images(set: 'train' | 't10k', more: readonly string[] = []): string[] {
  const path = `${FASHION}/${set}-images-idx3-ubyte.gz`
  if (!existsSync(path)) throw new Error(`${path} is missing: install Debian's package dataset-fashion-mnist`)
  return set === 'train' ? ['--data', path, ...PIXELS, ...more] : ['--eval', path, ...more]
}

function compare(title: string, runs: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, args] of Object.entries(runs)) {
    const values = Array.from({length: Number(flags.seeds)}, (_, seed) =>
      run(`${title}, ${name}`, [...args, '--seed', `${seed}`]),
    )
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    console.log(`${title}, ${name}: mean ${mean.toFixed(4)} of ${values.map((value) => value.toFixed(4)).join(' ')}`)
  }
}

/** @returns the metric of the written file. */
function run(what: string, args: readonly string[]): number {
  const line = ['bin/run.js', ...args, '-o', join(folder, 'out.onnx'), '--force', '--no-time', '--json']
  const {stdout, stderr} = spawnSync(process.execPath, line, {encoding: 'utf8', maxBuffer: 2 ** 26})
  const result = JSON.parse(stdout || '{}') as TrainingResult
  if (!result.metric) throw new Error(`${what}: ${stdout}${stderr}`)
  const {metric, history, seconds, bestEpoch, steps} = result
  const speed = Math.round(history.at(-1)?.samplesPerSecond ?? 0)
  const teacher = metric.teacher === null ? '' : `, teacher ${metric.teacher.toFixed(4)}`
  console.log(
    `${what}: ${metric.name} ${metric.before.toFixed(4)} to ${metric.after?.toFixed(4)}${teacher}; epoch ${bestEpoch} of ${history.length}, ` +
      `${steps} updates, ${speed} samples/s, ${seconds.toFixed(0)} s`,
  )
  return metric.after ?? Number.NaN
}
