/**
 * Steps of training against PyTorch (Debian's python3-torch, with libopenblas0-pthread to be fair): same nets, batch, optimizer (Adam) and threads, turn by turn.
 * Data is made up and stays the same: what counts is forward, backward and update.
 *   npx tsx test/benchmarks/train-race.ts [--threads 1] [--batch 64] [--rounds 7]
 */
import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {parseArgs} from 'node:util'
import {median} from 'simple-statistics'
import type {BatchInput} from '../../src/data/dataset.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {upgradeOpset} from '../../src/passes/upgrade/upgrade-opset.js'
import {StepSession} from '../../src/runtime/step-session.js'
import {createOptimizer} from '../../src/train/optimizers.js'
import {buildStep} from '../../src/train/step-graph.js'

/** How many steps make a turn: about as long for each net. */
const NETS = {mlp_fm: 200, cnn_fm: 10} as const
const OPSET = 17
/** So low that nothing converges: gradients that fade into denormal numbers are slow, and no training stays there. */
const LEARNING_RATE = 1e-6

interface Turn {
  readonly cpuMs: number
  readonly wallMs: number
}
type Racer = (steps: number) => Promise<Turn>

const {values: flags} = parseArgs({
  options: {
    threads: {type: 'string', default: '1'},
    batch: {type: 'string', default: '64'},
    rounds: {type: 'string', default: '7'},
  },
})
const batch = Number(flags.batch)
const python = spawn('/usr/bin/python3', ['test/benchmarks/train-race.py', flags.threads, flags.batch], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const answers = createInterface({input: python.stdout})[Symbol.asyncIterator]()

console.log('| net | mopt CPU ms/step | PyTorch | ratio | mopt wall ms/step | PyTorch | ratio |')
console.log('|---|---|---|---|---|---|---|')
for (const [name, steps] of Object.entries(NETS)) {
  const racers = {mopt: await moptRacer(name), torch: torchRacer(name)}
  const turns: Record<keyof typeof racers, Turn[]> = {mopt: [], torch: []}
  // the first turn warms up
  for (let round = 0; round <= Number(flags.rounds); round++) {
    for (const key of ['mopt', 'torch'] as const) {
      const turn = await racers[key](steps)
      if (round > 0) turns[key].push(turn)
    }
  }
  const cells = (['cpuMs', 'wallMs'] as const).flatMap((key) => {
    const [ours, theirs] = [turns.mopt, turns.torch].map((list) => median(list.map((turn) => turn[key])))
    return [ours ?? 0, theirs ?? 0, (theirs ?? 0) / (ours ?? 1)].map((value) => value.toFixed(2))
  })
  console.log(`| ${[name, ...cells].join(' | ')} |`)
}
python.stdin.end()

function torchRacer(name: string): Racer {
  return async (steps) => {
    python.stdin.write(`${name} ${steps}\n`)
    const {value} = await answers.next()
    const [cpuMs = Number.NaN, wallMs = Number.NaN] = String(value).split(' ').map(Number)
    return {cpuMs, wallMs}
  }
}

async function moptRacer(name: string): Promise<Racer> {
  const opened = await openModel(`fixtures/models/${name}.onnx`)
  const {model} = opened
  inferModel(model)
  await upgradeOpset({from: model.opsets.get('') ?? 13, to: OPSET}).run(model.graph)
  model.opsets.set('', OPSET)
  const shape = [batch, 1, 28, 28]
  const step = buildStep(model, {inputShapes: {input: shape}, losses: [{kind: 'cross-entropy'}]})
  const trained = step.parameters.map(({decays}, index) => {
    const weight = (step.initial[index] as Float32Array).slice()
    return {weight, gradient: new Float32Array(weight.length), decays}
  })
  const entries = (key: 'name' | 'gradient', array: 'weight' | 'gradient') =>
    step.parameters.map((parameter, index): [string, BatchInput] => {
      const data = trained[index]?.[array] as Float32Array
      return [parameter[key], {dtype: 'float32', shape: parameter.shape, data}]
    })
  const loss: BatchInput = {dtype: 'float32', shape: [], data: new Float32Array(1)}
  const session = await StepSession.open(
    encodeModel(step.model),
    {provider: 'cpu', threads: Number(flags.threads), optimization: 'extended'},
    {
      bound: Object.fromEntries(entries('name', 'weight')),
      outputs: {...Object.fromEntries(entries('gradient', 'gradient')), [step.loss]: loss},
    },
    name,
  )
  const optimizer = createOptimizer(
    {kind: 'adam'},
    trained.map(({weight}) => weight.length),
  )
  const inputs: Record<string, BatchInput> = {
    input: {
      dtype: 'float32',
      shape,
      data: Float32Array.from({length: batch * 784}, (_, index) => Math.sin(index * 1.7)),
    },
    labels: {dtype: 'int64', shape: [batch], data: BigInt64Array.from({length: batch}, (_, row) => BigInt(row % 10))},
  }
  opened.close()
  let done = 0
  return async (steps) => {
    const [startCpu, startMs] = [process.cpuUsage(), performance.now()]
    for (let count = 0; count < steps; count++) {
      await session.run(inputs)
      optimizer.update(trained, LEARNING_RATE, ++done)
    }
    const {user, system} = process.cpuUsage(startCpu)
    return {cpuMs: (user + system) / 1000 / steps, wallMs: (performance.now() - startMs) / steps}
  }
}
