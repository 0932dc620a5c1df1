import {expect} from 'chai'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {type Dim, evaluateDim} from '../../src/ir/dim.js'
import type {TypedArray} from '../../src/ir/dtype.js'
import type {Model} from '../../src/ir/model.js'
import {elementCount, type Tensor, tensorOf} from '../../src/ir/tensor.js'
import {tensorType} from '../../src/ir/types.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../src/ops/operand.js'
import {type StoredCase, storedCases} from '../support/onnx-testdata.js'
import {exposeAll} from '../support/run-graph.js'

/** What ONNX Runtime says of one output. */
interface Real {
  readonly type: string
  readonly dims: readonly number[]
}

/** One run of a case: the sizes it was fed, by the name each got, and what came out. */
interface Run {
  readonly sizes: Readonly<Record<string, number>>
  readonly results: ReadonlyMap<string, Real>
}

/** How the free sizes of the inputs are named: every axis by itself, or equal sizes alike. */
type Naming = (input: number, axis: number, size: number) => Dim

const AS_NUMBERS: Naming = (_input, _axis, size) => size
const BY_AXIS: Naming = (input, axis) => `i${input}_${axis}`
const BY_SIZE: Naming = (_input, _axis, size) => (size > 1 ? `s${size}` : size)

/** Other sizes to feed: all of them one larger, all doubled, the first axis alone longer. */
const OTHER_SIZES: readonly ((size: number, axis: number) => number)[] = [
  (size) => (size > 1 ? size + 1 : size),
  (size) => (size > 1 ? size * 2 : size),
  (size, axis) => (axis === 0 ? size + 1 : size),
  (size, axis) => (axis > 1 ? size + 3 : size),
]

interface Tally {
  outputs: number
  ranks: number
  dims: number
}

const tally: Record<string, Tally> = {}
const wrong: string[] = []
const open: string[] = []
let casesRun = 0
let otherRuns = 0

/** Axes, shapes and such come as inputs in these cases; in real models they are constants. */
function isArgument(tensor: Tensor): boolean {
  return tensor.shape.length <= 1 && elementCount(tensor.shape) <= 64 && tensor.dtype !== 'string'
}

interface Prepared {
  readonly model: Model
  /** The inputs that are fed, by name, and the position of their data. */
  readonly fed: ReadonlyMap<string, number>
}

/** The model with nothing stated but its inputs, and all that its nodes compute as outputs. */
async function prepare(stored: StoredCase, naming: Naming, withConstants: boolean): Promise<Prepared> {
  const {model} = await openModel(stored.modelPath)
  const fed = new Map<string, number>()
  const inputs = [...model.graph.inputs]
  for (const value of exposeAll(model)) forget(value)
  inputs.forEach((input, index) => {
    const tensor = stored.inputs[index]
    if (tensor && withConstants && isArgument(tensor) && makeConstant(model, input, tensor)) return
    fed.set(input.name, index)
    if (!tensor || input.type?.kind !== 'tensor') return
    forget(input)
    input.type = tensorType(
      tensor.dtype,
      tensor.shape.map((size, axis) => naming(index, axis, size)),
    )
  })
  return {model, fed}
}

/** Drops the type and the file's own statement of it, which would be written again. */
function forget(value: Value): void {
  value.type = undefined
  value.wire = undefined
}

/** Whether it could: a graph output that is an input as such must stay one. */
function makeConstant({graph}: Model, input: Value, tensor: Tensor): boolean {
  if (input.isOutput) return false
  graph.inputs.splice(graph.inputs.indexOf(input), 1)
  graph.setConstant(input, tensorOf(tensor.dtype, tensor.shape, tensor.read()))
  return true
}

/** The tensor at another shape: its elements over and over. */
function resized(tensor: Tensor, dims: readonly number[]): OrtTensor {
  const data = tensor.read()
  const count = elementCount(dims)
  if (Array.isArray(data))
    return new OrtTensor(
      'string',
      Array.from({length: count}, (_, i) => data[i % data.length] ?? ''),
      dims,
    )
  const copy = new (data.constructor as new (length: number) => TypedArray)(count)
  for (let index = 0; index < count && data.length > 0; index++) copy[index] = data[index % data.length] as never
  return new OrtTensor(tensor.dtype as 'float32', copy as Float32Array, dims)
}

/** Runs a case at the stored sizes and, where ONNX Runtime can, at others. Empty when it cannot at all. */
async function runCase(stored: StoredCase, withConstants: boolean): Promise<Run[]> {
  const runs = await runAtSizes(stored, BY_AXIS, withConstants)
  // some definitions want to know a size before the run
  return runs.length > 0 ? runs : runAtSizes(stored, AS_NUMBERS, withConstants)
}

async function runAtSizes(stored: StoredCase, naming: Naming, withConstants: boolean): Promise<Run[]> {
  const {model, fed} = await prepare(stored, naming, withConstants)
  const session = await createSession(model)
  if (!session) return []
  const first = await runAt(session, stored, fed, (size) => size)
  const runs = first ? [first] : []
  for (const other of first && naming === BY_AXIS ? OTHER_SIZES : []) {
    const run = await runAt(session, stored, fed, other)
    if (run && JSON.stringify(run.sizes) !== JSON.stringify(first?.sizes)) runs.push(run)
  }
  await session.release()
  return runs
}

async function createSession(model: Model): Promise<InferenceSession | undefined> {
  const options = {graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1} as const
  try {
    return await InferenceSession.create(encodeModel(model), options)
  } catch {
    return undefined
  }
}

async function runAt(
  session: InferenceSession,
  stored: StoredCase,
  fed: ReadonlyMap<string, number>,
  other: (size: number, axis: number) => number,
): Promise<Run | undefined> {
  const sizes: Record<string, number> = {}
  const feeds: Record<string, OrtTensor> = {}
  for (const [name, index] of fed) {
    const tensor = stored.inputs[index]
    if (!tensor) return undefined
    const dims = tensor.shape.map((size, axis) => (isArgument(tensor) && size > 0 ? size : other(size, axis)))
    dims.forEach((size, axis) => {
      sizes[`i${index}_${axis}`] = size
      sizes[`s${tensor.shape[axis]}`] = size
    })
    feeds[name] = resized(tensor, dims)
  }
  try {
    const results = await session.run(feeds)
    const entries = Object.entries(results).map(([name, {type, dims}]): [string, Real] => [name, {type, dims}])
    return {sizes, results: new Map(entries)}
  } catch {
    return undefined
  }
}

/** Whether equal names had equal sizes in a run. */
function agrees(stored: StoredCase, run: Run): boolean {
  return stored.inputs.every((tensor, input) =>
    (tensor?.shape ?? []).every((size, axis) => {
      const fed = run.sizes[`i${input}_${axis}`]
      return fed === undefined || size <= 1 ? fed === undefined || fed === size : fed === run.sizes[`s${size}`]
    }),
  )
}

/** Every output of the inferred model beside what came out of the runs. */
function compare(
  label: string,
  stored: StoredCase,
  model: Model,
  runs: readonly Run[],
  counted: readonly string[],
): void {
  const count = tally[label] ?? {outputs: 0, ranks: 0, dims: 0}
  tally[label] = count
  for (const value of model.graph.outputs) {
    const [dtype, shape] = [dtypeOf(value), shapeOf(value)]
    let seen = false
    for (const run of runs) {
      const real = run.results.get(value.name)
      if (!real) continue
      seen = true
      const inferred = shape?.map((size) => evaluateDim(size, run.sizes))
      const fits =
        (dtype === undefined || dtype === real.type) &&
        (!inferred ||
          (inferred.length === real.dims.length &&
            inferred.every((size, axis) => size === undefined || size === real.dims[axis])))
      if (!fits)
        wrong.push(
          `${label} ${stored.name} ${value.name}: ${dtype} [${shape}] = [${inferred}], really ${real.type} [${real.dims}]`,
        )
    }
    if (!seen || !counted.includes(value.name)) continue
    count.outputs++
    const known = dtype !== undefined && shape !== undefined
    if (known) count.ranks++
    if (known && !shape.includes(undefined)) count.dims++
    else open.push(`${label} ${known ? 'dims' : 'rank'} ${stored.name} ${value.name}: ${dtype} [${shape}]`)
  }
}

async function check(stored: StoredCase): Promise<void> {
  const opened = await openModel(stored.modelPath)
  const outputs = opened.model.graph.outputs.map((value) => value.name)
  const fed = await runCase(stored, false)
  if (fed.length === 0) return
  casesRun++
  const constant = await runCase(stored, true)
  otherRuns += fed.length + constant.length - 2
  const plans = [
    ['as fed', AS_NUMBERS, false, fed.slice(0, 1)],
    ['arguments constant', AS_NUMBERS, true, constant.slice(0, 1)],
    ['every size free', BY_AXIS, false, fed],
    ['sizes free, arguments constant', BY_AXIS, true, constant],
    ['equal sizes alike', BY_SIZE, true, constant.filter((run) => agrees(stored, run))],
  ] as const
  for (const [label, naming, withConstants, runs] of plans) {
    const {model} = await prepare(stored, naming, withConstants)
    try {
      inferModel(model)
    } catch (error) {
      wrong.push(`${label} ${stored.name}: ${(error as Error).message}`)
      continue
    }
    compare(label, stored, model, runs, outputs)
  }
}

describe('inferModel on every operator case of ONNX', () => {
  for (const stored of storedCases()) {
    it(stored.name, async () => {
      const before = wrong.length
      await check(stored)
      expect(wrong.slice(before)).to.deep.equal([])
    })
  }

  it('knows the type and rank of nearly every output', () => {
    const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`
    const lines = Object.entries(tally).map(
      ([label, {outputs, ranks, dims}]) =>
        `${label}: ${outputs} outputs, type and rank known ${percent(ranks, outputs)}, all sizes ${percent(dims, outputs)}`,
    )
    console.log([`${casesRun} cases ran, ${otherRuns} more runs at other sizes`, ...lines].join('\n'))
    if (process.env.SHOW_OPEN) console.log(open.join('\n'))
    expect(casesRun).to.be.at.least(942)
    for (const [label, {outputs, ranks}] of Object.entries(tally)) expect(ranks / outputs, label).to.be.above(0.97)
  })
})
