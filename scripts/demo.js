// The main job on a real model: a CNN trained on Fashion-MNIST becomes a quarter of its size and faster, and teaches a small MLP; reports say what it cost.
import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const data = 'fixtures/fashion-mnist'
const pixels = ['--mean', '0.286', '--std', '0.353']

const steps = [
  ['quantize', 'fixtures/models/cnn_fm.onnx', '-o', 'demo/', '--data', `${data}/train-images-idx3-ubyte.gz`],
  [
    'prune',
    'fixtures/models/cnn_fm.onnx',
    '-o',
    'demo/',
    '--sparsity',
    '50%',
    '--data',
    `${data}/train-images-idx3-ubyte.gz`,
  ],
  [
    ...['bench', 'fixtures/models/cnn_fm.onnx', 'demo/cnn_fm.int8.onnx', 'demo/cnn_fm.pruned.onnx'],
    ...['--data', `${data}/t10k-images-idx3-ubyte.gz`, '--max-drop', '1%', '--report', 'demo/report.md'],
  ],
  [
    ...[
      'distill',
      'fixtures/models/cnn_fm.onnx',
      '--student',
      'fixtures/models/mlp_fm.onnx',
      '--reinit',
      '-o',
      'demo/',
    ],
    ...['--data', `${data}/train-images-idx3-ubyte.gz`, '--eval', `${data}/t10k-images-idx3-ubyte.gz`],
    ...['--epochs', '60', '--lr', '3e-3', '--report', 'demo/distilled.md'],
  ],
]

mkdirSync(`${root}/demo`, {recursive: true})
for (const step of steps) {
  const args = [...step, ...pixels, '--force'].filter((arg) => step[0] !== 'bench' || arg !== '--force')
  console.log(`\n$ mopt ${args.join(' ')}\n`)
  const {status} = spawnSync(process.execPath, ['bin/run.js', ...args], {cwd: root, stdio: 'inherit'})
  if (status !== 0) process.exit(status ?? 5)
}
for (const report of ['demo/report.md', 'demo/distilled.md']) {
  console.log(`\n$ cat ${report}\n\n${readFileSync(`${root}/${report}`, 'utf8')}`)
}
