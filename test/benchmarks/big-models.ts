import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {freemem, tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type BigModel, layerWeights, writeBigExternal, writeBigInside} from '../support/big-model.js'
import {readForeign} from '../support/foreign-model.js'

/**
 * The built command line on models that do not fit into a few hundred MB: how long and with how much memory of its own it looks at
 * them and stores their weights as int8. The outputs are read by another library, and run where the machine has the memory.
 * Run: npm run test:benchmarks -- big-models
 */

interface Case extends BigModel {
  readonly write: (path: string, model: BigModel) => void
  /** Peak resident set of `quantize`. */
  readonly quantizeMb: number
}

const CASES: Readonly<Record<string, Case>> = {
  '3 GiB of external data': {layers: 48, width: 4096, write: writeBigExternal, quantizeMb: 500},
  'one file of 1.9 GB': {layers: 29, width: 4096, write: writeBigInside, quantizeMb: 500},
  'one tensor of 1 GiB': {layers: 1, width: 16384, write: writeBigExternal, quantizeMb: 500},
}

const INSPECT_SECONDS = 1
const INSPECT_MB = 200
/** ONNX Runtime holds the weights as floats, while it folds them twice. */
const RUN_BYTES_PER_WEIGHT = 10
const MB = 2 ** 20

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
/** Says at the end what the process took: VmHWM, because maxRSS counts the parent too. */
const probe = `import {readFileSync, writeSync} from 'node:fs'
process.on('exit', () => writeSync(3, /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]))`

let missed = false
for (const [name, one] of Object.entries(CASES)) measure(name, one)
process.exitCode = missed ? 1 : 0

function measure(name: string, one: Case): void {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-big-'))
  const [path, output] = [join(folder, 'big.onnx'), join(folder, 'big.int8.onnx')]
  try {
    one.write(path, one)
    console.log(name)
    const looked = run(['inspect', path, '--json'])
    judge('inspect', looked, {seconds: INSPECT_SECONDS, peakMb: INSPECT_MB})
    const made = run(['quantize', path, '-o', output, '--mode', 'weights', '--no-verify', '--json'])
    judge('quantize --mode weights', made, {peakMb: one.quantizeMb})
    console.log(
      `  output: ${statSync(output).size} bytes, ${existsSync(`${output}.data`) ? 'with data file' : 'one file'}`,
    )
    checkTensors(output, one)
    const weights = one.layers * one.width ** 2
    if (freemem() > weights * RUN_BYTES_PER_WEIGHT) compareRuns(path, output, one)
    else console.log('  not run: too little memory')
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

interface Run {
  readonly seconds: number
  readonly peakMb: number
}

function run(args: readonly string[]): Run {
  const started = performance.now()
  const hook = `data:text/javascript,${encodeURIComponent(probe)}`
  const child = spawnSync(process.execPath, ['--import', hook, program, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}`)
  return {seconds: (performance.now() - started) / 1000, peakMb: Number(child.output[3]) / 1024}
}

function judge(what: string, {seconds, peakMb}: Run, limit: Partial<Run>): void {
  const over = seconds > (limit.seconds ?? Infinity) || peakMb > (limit.peakMb ?? Infinity)
  missed ||= over
  console.log(`  ${what}: ${seconds.toFixed(2)} s, peak ${peakMb.toFixed(0)} MB${over ? ', over the limit' : ''}`)
}

/** Integers and scales of the first and the last layer, as onnx-buf reads them, against the weights. */
function checkTensors(output: string, model: Case): void {
  const {graph} = readForeign(readFileSync(output))
  const tensor = (name: string): Uint8Array => {
    const {rawData} = graph?.initializer.find((one) => one.name === name) ?? {}
    return rawData ? Uint8Array.from(rawData) : new Uint8Array(0)
  }
  const weights = layerWeights(model)
  for (const layer of [0, model.layers - 1]) {
    const integers = new Int8Array(tensor(`w${layer}_q`).buffer)
    const scales = new Float32Array(tensor(`w${layer}_s`).buffer)
    for (let index = 0; index < weights.length; index += 1009) {
      const scale = scales[index % model.width] as number
      const error = Math.abs((integers[index] as number) * scale - (weights[index] as number))
      if (!(error <= scale * 0.501))
        throw new Error(`w${layer}[${index}] is off by ${error}, more than half of ${scale}`)
    }
  }
  console.log(`  integers and scales of ${model.layers > 1 ? 'the first and last layer' : 'the layer'} are right`)
}

/** Both models in ONNX Runtime, each in a process of its own. */
function compareRuns(path: string, output: string, {width}: BigModel): void {
  const script = `const {InferenceSession, Tensor} = (await import('onnxruntime-node')).default
    const session = await InferenceSession.create(process.argv[1])
    const x = Float32Array.from({length: ${width}}, (_, i) => Math.sin(i))
    const {y} = await session.run({x: new Tensor('float32', x, [1, ${width}])})
    process.stdout.write(JSON.stringify([...y.data]))`
  const [before, after] = [path, output].map((file) => {
    const args = ['--input-type=module', '-e', script, file]
    const child = spawnSync(process.execPath, args, {encoding: 'utf8', maxBuffer: 64 * MB})
    if (child.status !== 0) throw new Error(`ONNX Runtime does not run ${file}: ${child.stderr}`)
    return JSON.parse(child.stdout) as number[]
  })
  const dot = (a: readonly number[] = [], b: readonly number[] = []) =>
    a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
  const cosine = dot(before, after) / Math.sqrt(dot(before, before) * dot(after, after))
  console.log(`  in ONNX Runtime: cosine ${cosine.toFixed(5)} with the input's answer`)
}
