// The main job on a real model: a CNN trained on Fashion-MNIST becomes a quarter of its size and faster, and teaches a small MLP what
// labels alone do not; reports say what it cost.
import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cnn = 'fixtures/models/cnn_fm.onnx'
const train = 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz'
const test = 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz'
const pixels = ['--mean', '0.286', '--std', '0.353']

/** A small MLP, from new weights: the same images, epochs, learning rate and seed, whoever teaches it. */
const distill = [
  ...['distill', cnn, '--student', 'fixtures/models/mlp_fm.onnx', '--reinit', '--data', train, '--eval', test],
  ...['--epochs', '60', '--lr', '3e-3', '--no-time', '--force'],
]

const steps = [
  ['quantize', cnn, '-o', 'demo/', '--data', train, '--force'],
  ['prune', cnn, '-o', 'demo/', '--sparsity', '50%', '--data', train, '--force'],
  [
    ...['bench', cnn, 'demo/cnn_fm.int8.onnx', 'demo/cnn_fm.pruned.onnx'],
    ...['--data', test, '--max-drop', '1%', '--report', 'demo/report.md'],
  ],
  [...distill, '--alpha', '0', '-o', 'demo/labels-alone.onnx'],
  [...distill, '--alpha', '0.9', '--temperature', '4', '-o', 'demo/with-teacher.onnx', '--report', 'demo/distilled.md'],
  [
    ...['bench', 'demo/labels-alone.onnx', 'demo/with-teacher.onnx', '--runs', '100', '--data', test],
    ...['--report', 'demo/taught.json'],
  ],
]

mkdirSync(`${root}/demo`, {recursive: true})
for (const step of steps) {
  const args = [...step, ...pixels]
  console.log(`\n$ mopt ${args.join(' ')}\n`)
  const {status} = spawnSync(process.execPath, ['bin/run.js', ...args], {cwd: root, stdio: 'inherit'})
  if (status !== 0) process.exit(status ?? 5)
}
for (const report of ['demo/report.md', 'demo/distilled.md']) {
  console.log(`\n$ cat ${report}\n\n${readFileSync(`${root}/${report}`, 'utf8')}`)
}

const [alone, taught] = JSON.parse(readFileSync(`${root}/demo/taught.json`, 'utf8')).results.map(
  ({metrics}) => metrics.top1,
)
console.log(
  `The same network from new weights, 500 images, 60 epochs, one seed: labels alone ${alone.toFixed(3)}, taught by the CNN ${taught.toFixed(3)}.`,
)
