import {spawnSync} from 'node:child_process'
import {fileURLToPath} from 'node:url'

/** Every benchmark: its file in this folder, and what it shows. They print figures and judge nothing but their own limits. */
const BENCHMARKS: Readonly<Record<string, string>> = {
  accuracy:
    'what models achieve at their tasks after `quantize`, by its defaults and in other forms, with bytes and speed',
  'bench-fidelity': 'latency in a process of `bench` against a plain loop over onnxruntime-node',
  'big-file': 'memory to read and write a float model with 1 GB of external data',
  'big-models': 'seconds and memory of `inspect` and `quantize` on 3 GB of external data and on one file of 1.9 GB',
  'conv-formulations': 'CPU time of every way to compute a convolution and its gradients, by shape',
  ocr: 'lines of text that the OCR recognizer reads as in float, by mode',
  'prune-shares': 'accuracy by the share that goes of each layer',
  'quantize-race': "latency, bytes and accuracy of quantized files against float and a peer's files",
  recovery: 'accuracy that training wins back after pruning and quantizing, on all of Fashion-MNIST (half an hour)',
  rounding: 'divergence from float and perplexity of 4-bit weights by each way of rounding, at equal bytes',
  'prune-repair': 'accuracy of removed channels before and after least-squares repair, by width and score',
  sensitivity:
    'how well the estimate by gradients ranks layers beside what each was measured to do, and the seconds of both',
  silero: 'voice probabilities of Silero VAD v5 through 95 s of stream, its state fed back, by mode',
  'simplify-race': 'nodes, bytes and seconds of `simplify` against onnxsim, and the latency of the result',
  calibration: 'accuracy of static int8 by each calibration method',
  distill: 'accuracy of students with and without a teacher, on little and on much data',
  'learning-rates':
    'accuracy at five learning rates and at the one that is chosen, nine trainings (hours on one core; takes words of a case)',
  trust:
    'what mopt says of a written model beside the share of its task that is kept, by verb, for models whose task can be decoded',
  'train-race': 'samples per second, memory and session creation of training steps against PyTorch, six nets',
  'start-up': 'wall time of `mopt --version` against an empty Node process',
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !(name in BENCHMARKS))
if (unknown !== undefined || wanted.includes('--help')) {
  process.stderr.write(`usage: npm run test:benchmarks -- [name...]\n${listing()}`)
  process.exit(2)
}

const failed = (wanted.length > 0 ? wanted : Object.keys(BENCHMARKS)).filter((name) => !run(name))
if (failed.length > 0) process.stderr.write(`over the limit: ${failed.join(', ')}\n`)
process.exit(failed.length > 0 ? 1 : 0)

function run(name: string): boolean {
  process.stdout.write(`\n${name}: ${BENCHMARKS[name]}\n`)
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  return spawnSync(process.execPath, ['--import', 'tsx', file], {stdio: 'inherit'}).status === 0
}

function listing(): string {
  return Object.entries(BENCHMARKS)
    .map(([name, shows]) => `  ${name}: ${shows}\n`)
    .join('')
}
