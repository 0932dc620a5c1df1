import {execFileSync} from 'node:child_process'
import {median} from 'simple-statistics'
import {startModel} from '../support/start-model.js'

/**
 * Whether the process that `bench` times a model in is as fast as a plain loop over onnxruntime-node with the same session options:
 * the two take turns in fresh processes, and who comes first swaps.
 */

const PAIRS = 7
const WARMUP_MS = 80
const MEASURE_MS = 300
const LIMITS = [0.95, 1.05] as const
const MODELS = ['mlp_fm', 'cnn_fm', 'resnet8_fm_bn']
const PLAN = [{name: 'input', dtype: 'float32', shape: [1, 1, 28, 28], fill: {kind: 'normal'}}] as const

async function benchMs(path: string): Promise<number> {
  const source = {kind: 'synthetic', plan: PLAN, seed: 0} as const
  const child = await startModel(path, {provider: 'cpu', threads: 1}, {source, batch: 1})
  try {
    const maxRuns = Number.MAX_SAFE_INTEGER
    await child.timeBlock({budgetMs: WARMUP_MS, maxRuns, skip: 0})
    const {latenciesMs} = await child.timeBlock({budgetMs: MEASURE_MS, maxRuns, skip: 0})
    return median(Array.from(latenciesMs))
  } finally {
    await child.close()
  }
}

async function plainMs(path: string): Promise<number> {
  const args = ['test/benchmarks/bare-loop.mjs', path, String(WARMUP_MS), String(MEASURE_MS)]
  return Number(execFileSync(process.execPath, args, {encoding: 'utf8'}))
}

async function ratios(path: string): Promise<number[]> {
  const all: number[] = []
  for (let pair = 0; pair < PAIRS; pair++) {
    const isBenchFirst = pair % 2 === 0
    const first = await (isBenchFirst ? benchMs : plainMs)(path)
    const second = await (isBenchFirst ? plainMs : benchMs)(path)
    all.push(isBenchFirst ? first / second : second / first)
  }
  return all
}

let isFaithful = true
for (const name of MODELS) {
  const all = await ratios(`fixtures/models/${name}.onnx`)
  const middle = median(all)
  const [low, high] = LIMITS
  isFaithful &&= middle >= low && middle <= high
  const list = all.map((ratio) => ratio.toFixed(3)).join(' ')
  process.stdout.write(
    `${name.padEnd(14)} bench / plain loop ${middle.toFixed(3)} (limits ${low} to ${high}; ${list})\n`,
  )
}
process.exit(isFaithful ? 0 : 1)
