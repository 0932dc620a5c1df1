/**
 * Ways to compute a convolution and its gradients, side by side per shape: what the tables in src/ops/conv/conv-weight-gradient.ts and
 * src/train/layout/block-forms.ts were chosen by. CPU ms per run, the lower quartile of alternating runs, one thread;
 * finding the largest element of the result is counted.
 *   npx tsx test/benchmarks/conv-formulations.ts [--batch 64] [--rounds 15] [--shape CHANNELS,SIZE,FILTERS,KERNEL,STRIDE,GROUP]...
 */
import {parseArgs} from 'node:util'
import {Tensor} from 'onnxruntime-node'
import {quantileSorted} from 'simple-statistics'
import {typeNodes} from '../../src/autodiff/type-nodes.js'
import {encodeModel} from '../../src/io/encode-model.js'
import type {AttributeLike} from '../../src/ir/attribute.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel, type Model} from '../../src/ir/model.js'
import type {Node} from '../../src/ir/node.js'
import type {Value} from '../../src/ir/value.js'
import {type Geometry, geometryOf} from '../../src/ops/conv/conv-geometry.js'
import {convInputGradient} from '../../src/ops/conv/conv-gradient.js'
import {WEIGHT_FORMULATIONS, type WeightProblem} from '../../src/ops/conv/conv-weight-gradient.js'
import {GradientBuilder} from '../../src/ops/gradient-builder.js'
import {opsetOf} from '../../src/ops/infer-graph.js'
import {shapeOf} from '../../src/ops/operand.js'
import {lookup} from '../../src/ops/registry.js'
import {createSession, type Feeds} from '../../src/runtime/session/session.js'
import {blockedCopy} from '../../src/train/layout/block-layout.js'
import {blockSize} from '../../src/train/layout/block-size.js'

/** [channels, size, filters, kernel, stride, group] of the convolutions in fixtures/models. */
const SHAPES = [
  ...[
    [1, 28, 16, 3, 1, 1],
    [16, 28, 16, 3, 1, 1],
    [16, 14, 32, 3, 1, 1],
    [32, 14, 32, 3, 1, 1],
    [32, 14, 64, 3, 1, 1],
  ],
  ...[
    [64, 7, 64, 3, 1, 1],
    [16, 28, 32, 3, 2, 1],
    [32, 14, 64, 3, 2, 1],
    [16, 28, 64, 1, 1, 1],
    [96, 14, 24, 1, 1, 1],
  ],
  ...[
    [64, 28, 64, 3, 2, 64],
    [96, 14, 96, 3, 1, 96],
    [96, 14, 96, 3, 2, 96],
    [160, 7, 160, 3, 1, 160],
  ],
] as const

const {values: flags} = parseArgs({
  options: {
    batch: {type: 'string', default: '64'},
    rounds: {type: 'string', default: '15'},
    shape: {type: 'string', multiple: true},
  },
})
const batch = Number(flags.batch)

/** What one way computes, with x, w and dY as its inputs. */
type Way = (build: GradientBuilder, layer: Layer) => Value

interface Layer {
  readonly x: Value
  readonly w: Value
  readonly d: Value
  readonly attributes: Readonly<Record<string, AttributeLike>>
  /** A Conv of x and w, for geometry; removed when nothing reads it. */
  readonly node: Node
  readonly geometry: Geometry
}

const WAYS: Readonly<Record<string, Way>> = {
  forward: (build, {x, w, attributes}) => build.op('Conv', [x, w], attributes),
  'dX as the gradient writes it': (build, {d, w, x, geometry}) => convInputGradient(build, d, {w, x, geometry}),
  'dX by ConvTranspose': (build, {d, w, attributes, geometry}) => {
    const padding = geometry.strides.map((stride) => stride - 1)
    return build.op('ConvTranspose', [d, w], {...attributes, output_padding: padding})
  },
  'dW channels first': (build, layer) => channelsFirst(build, layer),
  ...Object.fromEntries(WEIGHT_FORMULATIONS.map(({name, write}) => [`dW ${name}`, write] as const)),
}

const shapes: readonly (readonly number[])[] = flags.shape?.map((list) => list.split(',').map(Number)) ?? SHAPES
for (const [channels = 1, size = 1, filters = 1, kernel = 1, stride = 1, group = 1] of shapes) {
  console.log(
    `\n${filters} from ${channels} channels, ${kernel} x ${kernel}, ${size} x ${size}, stride ${stride}, group ${group}`,
  )
  const candidates: Candidate[] = []
  for (const [name, way] of Object.entries(WAYS)) {
    const model = write(way, name, {channels, size, filters, kernel, stride, group})
    if (!model) continue
    candidates.push(await open(name, model))
    const {model: blocked, changed} = blockedCopy(model, blockSize())
    if (changed > 0) candidates.push(await open(`${name}, in blocks`, blocked))
  }
  for (const {name, cpuMs} of await race(candidates)) console.log(`  ${cpuMs.toFixed(3).padStart(8)}  ${name}`)
}

interface Sizes {
  readonly channels: number
  readonly size: number
  readonly filters: number
  readonly kernel: number
  readonly stride: number
  readonly group: number
}

/** @returns undefined where the way does not serve the shape. */
function write(way: Way, name: string, {channels, size, filters, kernel, stride, group}: Sizes): Model | undefined {
  const graph = new Graph()
  const model = emptyModel(graph)
  const infer = typeNodes((node) => lookup(node, opsetOf(node, model)))
  const build = new GradientBuilder(graph, {infer, needs: () => true})
  const result = Math.ceil(size / stride)
  const x = build.input('x', [batch, channels, size, size])
  const w = build.input('w', [filters, channels / group, kernel, kernel])
  const d = build.input('d', [batch, filters, result, result])
  const edge = (kernel - 1) / 2
  const attributes = {kernel_shape: [kernel, kernel], pads: [edge, edge, edge, edge], strides: [stride, stride], group}
  const node = build.node('Conv', [x, w], attributes)
  const layer = {x, w, d, attributes, node, geometry: geometryOf(build, node, x, [kernel, kernel])}
  if (!serves(name, layer)) return undefined
  const outcome = way(build, layer)
  if (outcome !== node.outputs[0]) graph.remove(node)
  // what leaves the session is copied: one number costs nothing
  build.output(build.op('ReduceMax', [outcome], {keepdims: 0}))
  return model
}

function serves(name: string, problem: WeightProblem): boolean {
  const formulation = WEIGHT_FORMULATIONS.find((one) => name === `dW ${one.name}`)
  if (name === 'dW channels first') return problem.geometry.group === 1
  return formulation?.serves(problem) ?? true
}

/** One product per offset, X cut as it lies: before channels went last. */
function channelsFirst(build: GradientBuilder, {x, w, d, geometry}: Layer): Value {
  const {kernel, strides, pads} = geometry
  const [edge = 0] = pads[0] ?? []
  const padded = edge === 0 ? x : build.op('Pad', [x, build.ints([0, 0, edge, edge, 0, 0, edge, edge])])
  const [, , rows, columns] = shapeOf(d) as number[]
  const [stride = 1] = strides
  const [height = 1, width = 1] = kernel
  const parts = Array.from({length: height * width}, (_, at) => {
    const [top, left] = [Math.floor(at / width), at % width]
    const ends = [top + (Number(rows) - 1) * stride + 1, left + (Number(columns) - 1) * stride + 1]
    const cut = [[top, left], ends, [2, 3], [stride, stride]].map((list) => build.ints(list))
    const view = build.reshape(build.op('Slice', [padded, ...cut]), [0, 0, -1])
    const product = build.op('MatMul', [build.reshape(d, [0, 0, -1]), build.transpose(view, [0, 2, 1])])
    return build.unsqueeze(build.sum(product, [0], 0), [2])
  })
  return build.reshapeAs(build.op('Concat', parts, {axis: 2}), w)
}

interface Candidate {
  readonly name: string
  run(): Promise<number>
  close(): Promise<void>
}

async function open(name: string, model: Model): Promise<Candidate> {
  const settings = {provider: 'cpu', threads: 1, optimization: 'extended'} as const
  const session = await createSession(encodeModel(model), settings, {enableMemPattern: false})
  const feeds = tensorsFor(model.graph.inputs)
  return {
    name,
    async run() {
      const start = process.cpuUsage()
      await session.run(feeds)
      const {user, system} = process.cpuUsage(start)
      return (user + system) / 1000
    },
    close: () => session.release(),
  }
}

function tensorsFor(values: readonly Value[]): Feeds {
  const entries = values.map((value): [string, Tensor] => {
    const shape = shapeOf(value) as number[]
    const length = shape.reduce((product, dim) => product * dim, 1)
    return [
      value.name,
      new Tensor(
        'float32',
        Float32Array.from({length}, (_, at) => Math.sin(12.9898 * at)),
        shape,
      ),
    ]
  })
  return Object.fromEntries(entries)
}

async function race(candidates: readonly Candidate[]): Promise<{name: string; cpuMs: number}[]> {
  const times = candidates.map((): number[] => [])
  for (let round = -2; round < Number(flags.rounds); round++) {
    for (const [index, candidate] of candidates.entries()) {
      const cpuMs = await candidate.run()
      if (round >= 0) times[index]?.push(cpuMs)
    }
  }
  for (const candidate of candidates) await candidate.close()
  const sorted = times.map((list) => list.sort((a, b) => a - b))
  return candidates.map(({name}, index) => ({name, cpuMs: quantileSorted(sorted[index] ?? [], 0.25)}))
}
