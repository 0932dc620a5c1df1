import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type BigModel, writeBigExternal, writeBigInside} from '../support/big-model.js'

/**
 * Memory for a float model of 1 GiB, external data and all in one file: opened, written, and written with every weight replaced
 * by one that is computed meanwhile. Each in a fresh process of compiled code; the peak is compared with an empty one's.
 * Run: npm run test:benchmarks -- big-file
 */

const LIMIT_MB = 300

const LAYERS: BigModel = {layers: 16, width: 4096}
const ONE_TENSOR: BigModel = {layers: 1, width: 16384}

type Task = readonly [what: string, externalData?: 'always' | 'never', change?: 'halve']

/** A weight that is computed whole takes its own size, twice; so a tensor of 1 GiB is only copied here. */
const CASES: readonly [string, BigModel, (path: string, model: BigModel) => void, readonly Task[]][] = [
  [
    '16 tensors beside',
    LAYERS,
    writeBigExternal,
    [['open'], ['copy', 'always'], ['join', 'never'], ['halve', 'always', 'halve']],
  ],
  ['16 tensors inside', LAYERS, writeBigInside, [['open'], ['split', 'always'], ['halve', 'never', 'halve']]],
  ['one tensor beside', ONE_TENSOR, writeBigExternal, [['open'], ['copy', 'always'], ['join', 'never']]],
]

function runTask(args: readonly string[]): {peakMb: number; seconds: number} {
  const started = performance.now()
  const task = fileURLToPath(new URL('./big-file-task.mjs', import.meta.url))
  const child = spawnSync(process.execPath, [task, ...args], {encoding: 'utf8'})
  if (child.status !== 0) throw new Error(child.stderr)
  return {peakMb: Number(child.stdout), seconds: (performance.now() - started) / 1000}
}

function measure([name, model, write, tasks]: (typeof CASES)[number], emptyMb: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-big-'))
  const [path, output] = [join(folder, 'big.onnx'), join(folder, 'out.onnx')]
  try {
    write(path, model)
    for (const [what, externalData, change] of tasks) {
      const {peakMb, seconds} = runTask([path, ...(externalData ? [output, externalData, change ?? ''] : [])])
      const above = peakMb - emptyMb
      console.log(`${name}, ${what}: ${above.toFixed(0)} MB above an empty process, ${seconds.toFixed(1)} s`)
      if (above > LIMIT_MB) process.exitCode = 1
    }
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

const {peakMb: emptyMb} = runTask([])
console.log(`an empty process, modules loaded: ${emptyMb.toFixed(0)} MB`)
for (const one of CASES) measure(one, emptyMb)
