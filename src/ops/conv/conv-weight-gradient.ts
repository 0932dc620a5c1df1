import type {Value} from '../../ir/value.js'
import {knownProduct} from '../count.js'
import type {GradientBuilder} from '../gradient-builder.js'
import {shapeOf} from '../operand.js'
import {type Geometry, padList, withFront} from './conv-geometry.js'

/** A convolution as its weight's gradient sees it. */
export interface WeightProblem {
  /** [N, C, …]; of a ConvTranspose its dY. */
  readonly x: Value
  /** [N, M, …]; of a ConvTranspose its X. */
  readonly d: Value
  /** [M, C / group, kernel…]: only its shape is used. */
  readonly w: Value
  readonly geometry: Geometry
}

/** One way to compute dW, and the convolutions it is the fastest for. */
interface Formulation {
  readonly name: string
  serves(problem: WeightProblem): boolean
  write(build: GradientBuilder, problem: WeightProblem): Value
}

/** First match wins. The order is that of measured times per shape on the CPU (one thread, float32, ONNX Runtime 1.30). */
const FORMULATIONS: readonly Formulation[] = [
  // few input channels: products of M × (C·kernel), 1.1 ms where one product per offset takes 5.8
  {name: 'columns', serves: (problem) => isDense(problem) && channelsOf(problem) <= 4, write: byColumns},
  // 19 ms where the swapped convolution takes 47 (64 from 32 channels, 3 × 3, 26 × 26, batch 64)
  {name: 'offsets', serves: isDense, write: byOffsets},
  {name: 'swapped', serves: () => true, write: bySwappedConvolution},
]

/** dW[m, c, k] = Σ over n and positions p of dY[n, m, p] · X[n, c, stride·p + dilation·k − pad]. */
export function convWeightGradient(build: GradientBuilder, problem: WeightProblem): Value {
  const formulation = FORMULATIONS.find(({serves}) => serves(problem)) as Formulation
  return formulation.write(build, problem)
}

/** More offsets than these are a long graph for little. */
const MAX_OFFSETS = 49

function isDense({d, geometry}: WeightProblem): boolean {
  const offsets = geometry.kernel.reduce((product, size) => product * size, 1)
  return geometry.group === 1 && offsets <= MAX_OFFSETS && knownProduct(shapeOf(d)?.slice(2)) !== undefined
}

function channelsOf({w}: WeightProblem): number {
  const channels = shapeOf(w)?.[1]
  return typeof channels === 'number' ? channels : Number.POSITIVE_INFINITY
}

/** X as each kernel offset sees it, [N, C, positions] each. */
function views(build: GradientBuilder, {x, d, geometry}: WeightProblem): Value[] {
  const {kernel, strides, dilations, pads} = geometry
  const isPadded = pads.flat().some((pad) => pad > 0)
  const begins = [0, 0, ...pads.map(([begin]) => begin)]
  const ends = [0, 0, ...pads.map(([, end]) => end)]
  const padded = isPadded ? build.op('Pad', [x, build.ints([...begins, ...ends])]) : x
  const axes = build.ints(kernel.map((_, axis) => axis + 2))
  const sizes = shapeOf(padded)?.slice(2)
  return offsetsOf(kernel).map((offset) => {
    const starts = offset.map((at, axis) => at * (dilations[axis] ?? 1))
    const lengths = shapeOf(d)?.slice(2) as number[]
    const stops = starts.map((start, axis) => start + ((lengths[axis] ?? 1) - 1) * (strides[axis] ?? 1) + 1)
    const isWhole = stops.every((stop, axis) => starts[axis] === 0 && strides[axis] === 1 && sizes?.[axis] === stop)
    const cut = [build.ints(starts), build.ints(stops), axes, build.ints(strides)]
    return build.reshape(isWhole ? padded : build.op('Slice', [padded, ...cut]), [0, 0, -1])
  })
}

function offsetsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (offsets, size) => offsets.flatMap((offset) => Array.from({length: size}, (_, at) => [...offset, at])),
    [[]],
  )
}

/** dY · Xᵀ summed over the batch: [M, channels of the view]. */
function product(build: GradientBuilder, d: Value, view: Value): Value {
  const rows = build.reshape(d, [0, 0, -1])
  return build.sum(build.op('MatMul', [rows, build.transpose(view, [0, 2, 1])]), [0], 0)
}

/** One product per kernel offset. */
function byOffsets(build: GradientBuilder, problem: WeightProblem): Value {
  const parts = views(build, problem).map((view) => build.unsqueeze(product(build, problem.d, view), [2]))
  return build.reshapeAs(parts.length === 1 ? (parts[0] as Value) : build.op('Concat', parts, {axis: 2}), problem.w)
}

/** All offsets side by side in one product. */
function byColumns(build: GradientBuilder, problem: WeightProblem): Value {
  const columns = views(build, problem).map((view) => build.unsqueeze(view, [2]))
  const side = build.op('Concat', columns, {axis: 2})
  const channels = channelsOf(problem) * columns.length
  return build.reshapeAs(product(build, problem.d, build.reshape(side, [0, channels, -1])), problem.w)
}

/** A convolution in which batch and channels have changed places, stride and dilation too. Groups become blocks of the batch. */
function bySwappedConvolution(build: GradientBuilder, {x, d, w, geometry}: WeightProblem): Value {
  const {kernel, strides, dilations, pads, group} = geometry
  const spatial = kernel.map((_, axis) => axis + 2)
  const data =
    group === 1
      ? build.transpose(x, [1, 0, ...spatial])
      : groupsToBatch(build, x, channelsOf({x, d, w, geometry}), group)
  const window = build.transpose(d, [1, 0, ...spatial])
  const attributes = {strides: dilations, dilations: strides, group, pads: padList(pads)}
  const wide = build.op('Conv', [data, window], attributes)
  // rows at the end that no window reached give further offsets, which the kernel does not have
  const cut = [spatial.map(() => 0), kernel, spatial].map((list) => build.ints(list))
  return build.transpose(build.op('Slice', [wide, ...cut]), [1, 0, ...spatial])
}

/** [N, group · C, …] as [C, group · N, …]. */
function groupsToBatch(build: GradientBuilder, x: Value, channels: number, group: number): Value {
  const apart = withFront(build, x, [-1, group, channels])
  const spatial = Array.from({length: (shapeOf(x)?.length ?? 2) - 2}, (_, axis) => axis + 3)
  const turned = build.transpose(apart, [2, 1, 0, ...spatial])
  const flat = build.op('Shape', [x])
  const sizes = build.op(
    'Concat',
    [build.ints([channels, -1]), build.op('Slice', [flat, build.ints([2]), build.ints([100])])],
    {axis: 0},
  )
  return build.op('Reshape', [turned, sizes])
}
