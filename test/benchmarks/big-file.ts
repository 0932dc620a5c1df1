import {spawnSync} from 'node:child_process'
import {closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openModel} from '../../src/io/open-model.js'
import {writeModel} from '../../src/io/write-model.js'
import {derivedTensor} from '../../src/ir/tensor.js'
import type {Value} from '../../src/ir/value.js'
import {addGraph, FLOAT, foreignModel} from '../support/foreign-model.js'

/**
 * Memory for a float model of 1 GB, external data and all in one file: opened, written, and written with every weight replaced
 * by one that is computed meanwhile. Each in a fresh process; the peak is compared with one that runs nothing under the same loader.
 * Run: npx tsx test/benchmarks/big-file.ts
 */

const TENSORS = 16
const TENSOR_FLOATS = 2 ** 24
const LIMIT_MB = 300
const MB = 2 ** 20

/** Whether the model is read from one file, what is done with the weights, and how they are written. */
const TASKS = {
  open: {oneFile: false, halve: false, write: undefined},
  copy: {oneFile: false, halve: false, write: 'always'},
  join: {oneFile: false, halve: false, write: 'never'},
  halve: {oneFile: false, halve: true, write: 'always'},
  'open one file': {oneFile: true, halve: false, write: undefined},
  'split one file': {oneFile: true, halve: false, write: 'always'},
  'halve one file': {oneFile: true, halve: true, write: 'never'},
} as const
type Task = keyof typeof TASKS

const oneFile = (path: string): string => `${path}.join.onnx`

function makeModel(folder: string): string {
  const chunk = Buffer.alloc(4 * TENSOR_FLOATS, new Uint8Array(Float32Array.of(0.1, -0.2, 0.3, 0.4).buffer))
  const data = openSync(join(folder, 'big.onnx.data'), 'w')
  const byteLength = chunk.length
  const initializer = Array.from({length: TENSORS}, (_, index) => {
    writeSync(data, chunk)
    const place = {location: 'big.onnx.data', offset: `${index * byteLength}`, length: `${byteLength}`}
    const externalData = Object.entries(place).map(([key, value]) => ({key, value}))
    return {name: `w${index}`, dims: [BigInt(TENSOR_FLOATS)], dataType: FLOAT, dataLocation: 1, externalData}
  })
  closeSync(data)
  const {input = [], output = []} = addGraph({}, TENSOR_FLOATS)
  const node = [{opType: 'Sum', input: ['x', ...initializer.map(({name}) => name)], output: ['y']}]
  const path = join(folder, 'big.onnx')
  writeFileSync(path, foreignModel({name: 'big', input, output, node, initializer}))
  return path
}

/** What a fresh process does; it prints its peak resident set in MB. */
async function runTask(task: Task, path: string): Promise<void> {
  const todo = TASKS[task]
  const {model, files, close} = await openModel(todo.oneFile ? oneFile(path) : path)
  if (todo.halve) for (const value of model.graph.constants()) halve(value)
  const output = task === 'join' ? oneFile(path) : `${path}.out.onnx`
  if (todo.write) await writeModel(model, output, {force: true, externalData: todo.write, inputs: files})
  close()
  process.stdout.write(`${process.resourceUsage().maxRSS / 1024}`)
}

function halve(value: Value): void {
  const {constant} = value
  if (!constant) return
  const half = () => (constant.read() as Float32Array).map((weight) => weight / 2)
  value.graph.setConstant(value, derivedTensor('float32', constant.shape, half))
}

function runNode(args: readonly string[]): {peakMb: number; seconds: number} {
  const started = performance.now()
  const child = spawnSync(process.execPath, ['--import', 'tsx', ...args], {encoding: 'utf8'})
  if (child.status !== 0) throw new Error(child.stderr)
  return {peakMb: Number(child.stdout), seconds: (performance.now() - started) / 1000}
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-big-'))
  try {
    const path = makeModel(folder)
    console.log(`model: ${TENSORS} float tensors, ${(TENSORS * TENSOR_FLOATS * 4) / MB} MiB of external data`)
    const empty = runNode(['-p', 'process.resourceUsage().maxRSS / 1024']).peakMb
    console.log(`nothing: peak ${empty.toFixed(0)} MB`)
    for (const task of Object.keys(TASKS)) {
      const {peakMb, seconds} = runNode([import.meta.filename, task, path])
      const above = peakMb - empty
      const peak = `peak ${peakMb.toFixed(0)} MB, ${above.toFixed(0)} above nothing`
      console.log(`${task}: ${peak}, ${seconds.toFixed(1)} s`)
      if (above > LIMIT_MB) process.exitCode = 1
    }
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

const [task, path] = process.argv.slice(2)
if (task && path) await runTask(task as Task, path)
else main()
