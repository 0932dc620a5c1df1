import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {knownProduct} from '../count.js'
import type {GradientBuilder} from '../gradient-builder.js'
import {shapeOf} from '../operand.js'
import {type Geometry, padList, swapFront, withFront} from './conv-geometry.js'

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
export interface WeightFormulation {
  readonly name: string
  serves(problem: WeightProblem): boolean
  write(build: GradientBuilder, problem: WeightProblem): Value
}

/** First match wins. The order is that of measured times per shape on the CPU (one thread, float32, ONNX Runtime 1.30, batch 64). */
export const WEIGHT_FORMULATIONS: readonly WeightFormulation[] = [
  // few input channels: products of M × (C·kernel), 1.1 ms where one product per offset takes 5.8
  {name: 'columns', serves: (problem) => isDense(problem) && channelsOf(problem) <= 4, write: byColumns},
  // few positions: sums over the batch would be as large as the products. 512 from 512 channels, 3 × 3, 7 × 7, batch 16: 23 ms, by
  // offsets 51, swapped 34; 256 from 1024 channels, 1 × 1: 3.1 and 5.8
  {name: 'rows', serves: hasFewPositions, write: byRows},
  // one offset: X is multiplied as it lies
  {name: 'product', serves: (problem) => isDense(problem) && offsetCount(problem) === 1, write: byProduct},
  // 64 from 32 channels, 3 × 3, 14 × 14: 3.1 ms, with channels first 3.9, swapped 7.4; 64 from 64, 7 × 7: 1.7, 2.7 and 3.5;
  // 64 from 32 with stride 2: 1.3 and 2.4 with channels first
  {name: 'offsets', serves: isDense, write: byOffsets},
  {name: 'swapped', serves: () => true, write: bySwappedConvolution},
]

/** dW[m, c, k] = Σ over n and positions p of dY[n, m, p] · X[n, c, stride·p + dilation·k − pad]. */
export function convWeightGradient(build: GradientBuilder, problem: WeightProblem): Value {
  const formulation = WEIGHT_FORMULATIONS.find(({serves}) => serves(problem)) as WeightFormulation
  return formulation.write(build, problem)
}

/** More offsets than these are a long graph for little. */
const MAX_OFFSETS = 49

function isDense(problem: WeightProblem): boolean {
  const isKnown = knownProduct(shapeOf(problem.d)?.slice(2)) !== undefined
  return problem.geometry.group === 1 && offsetCount(problem) <= MAX_OFFSETS && isKnown
}

/**
 * Sums over the batch cost one pass over the weight per offset, rows cost a transposition of X and dY: weighed per product, their
 * ratio is this, and a quarter is where both took equally long.
 */
const MOST_POSITIONS = 0.25

function hasFewPositions(problem: WeightProblem): boolean {
  const [filters, channels] = shapeOf(problem.w) ?? []
  if (!isDense(problem) || typeof filters !== 'number' || typeof channels !== 'number') return false
  const positions = knownProduct(shapeOf(problem.d)?.slice(2)) ?? 0
  return (positions * (1 / filters + 1 / channels)) / offsetCount(problem) <= MOST_POSITIONS
}

function offsetCount({geometry}: WeightProblem): number {
  return elementCount(geometry.kernel)
}

function channelsOf({w}: WeightProblem): number {
  const channels = shapeOf(w)?.[1]
  return typeof channels === 'number' ? channels : Number.POSITIVE_INFINITY
}

/** X as each kernel offset sees it, its spatial axes as long as those of dY and beginning at axis `first`. */
function views(build: GradientBuilder, x: Value, {d, geometry}: WeightProblem, first: number): Value[] {
  const {kernel, strides, dilations} = geometry
  const padded = pad(build, x, geometry, first)
  const axes = build.ints(kernel.map((_, axis) => axis + first))
  const sizes = shapeOf(padded)?.slice(first)
  const lengths = shapeOf(d)?.slice(2) as number[]
  return offsetsOf(kernel).map((offset) => {
    const starts = offset.map((at, axis) => at * (dilations[axis] ?? 1))
    const stops = starts.map((start, axis) => start + ((lengths[axis] ?? 1) - 1) * (strides[axis] ?? 1) + 1)
    const isWhole = stops.every((stop, axis) => starts[axis] === 0 && strides[axis] === 1 && sizes?.[axis] === stop)
    const cut = [build.ints(starts), build.ints(stops), axes, build.ints(strides)]
    return isWhole ? padded : build.op('Slice', [padded, ...cut])
  })
}

function pad(build: GradientBuilder, x: Value, {pads}: Geometry, first: number): Value {
  if (pads.flat().every((size) => size === 0)) return x
  const rank = shapeOf(x)?.length ?? 2
  const all = (side: 0 | 1) => Array.from({length: rank}, (_, axis) => pads[axis - first]?.[side] ?? 0)
  return build.op('Pad', [x, build.ints([...all(0), ...all(1)])])
}

function offsetsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (offsets, size) => offsets.flatMap((offset) => Array.from({length: size}, (_, at) => [...offset, at])),
    [[]],
  )
}

/** dY · X summed over the batch, [M, channels]. @param rows X as [N, positions, channels]. */
function product(build: GradientBuilder, d: Value, rows: Value): Value {
  return build.sum(build.op('MatMul', [build.reshape(d, [0, 0, -1]), rows]), [0], 0)
}

/** [N, channels, …] as [N, positions, channels], by a transposition that the runtime makes part of the product. */
function asRows(build: GradientBuilder, x: Value): Value {
  return build.transpose(build.reshape(x, [0, 0, -1]), [0, 2, 1])
}

function byProduct(build: GradientBuilder, problem: WeightProblem): Value {
  const [view] = views(build, problem.x, problem, 2) as [Value]
  return build.reshapeAs(product(build, problem.d, asRows(build, view)), problem.w)
}

/** One product per kernel offset, with channels last: what an offset sees then lies in long runs, and as the product wants it. */
function byOffsets(build: GradientBuilder, problem: WeightProblem): Value {
  const {x, d, w, geometry} = problem
  const spatial = geometry.kernel.map((_, axis) => axis + 2)
  const seen = views(build, build.transpose(x, [0, ...spatial, 1]), problem, 1)
  const positions = knownProduct(shapeOf(d)?.slice(2)) ?? -1
  const rows = seen.map((view) => build.reshape(view, [0, positions, -1]))
  const parts = rows.map((view) => build.unsqueeze(product(build, d, view), [2]))
  return build.reshapeAs(build.op('Concat', parts, {axis: 2}), w)
}

/** One product per kernel offset over batch and positions at once, channels of both last: nothing is left to be summed. */
function byRows(build: GradientBuilder, problem: WeightProblem): Value {
  const {x, d, w, geometry} = problem
  const last = (value: Value): Value => build.transpose(value, [0, ...geometry.kernel.map((_, axis) => axis + 2), 1])
  const rowsOf = (value: Value): Value => build.reshape(value, [-1, Number(shapeOf(value)?.at(-1))])
  const rows = rowsOf(last(d))
  const parts = views(build, last(x), problem, 1).map((view) =>
    build.unsqueeze(build.op('Gemm', [rows, rowsOf(view)], {transA: 1}), [2]),
  )
  return build.reshapeAs(build.op('Concat', parts, {axis: 2}), w)
}

/** All offsets side by side in one product. */
function byColumns(build: GradientBuilder, problem: WeightProblem): Value {
  const columns = views(build, problem.x, problem, 2).map((view) =>
    build.unsqueeze(build.reshape(view, [0, 0, -1]), [2]),
  )
  const side = build.op('Concat', columns, {axis: 2})
  const channels = channelsOf(problem) * columns.length
  const rows = asRows(build, build.reshape(side, [0, channels, -1]))
  return build.reshapeAs(product(build, problem.d, rows), problem.w)
}

/** A convolution in which batch and channels have changed places, stride and dilation too. Groups become blocks of the batch. */
function bySwappedConvolution(build: GradientBuilder, {x, d, w, geometry}: WeightProblem): Value {
  const {kernel, strides, dilations, pads, group} = geometry
  const spatial = kernel.map((_, axis) => axis + 2)
  const data = group === 1 ? swapFront(build, x) : groupsToBatch(build, x, channelsOf({x, d, w, geometry}), group)
  const window = swapFront(build, d)
  const attributes = {strides: dilations, dilations: strides, group, pads: padList(pads)}
  const wide = build.op('Conv', [data, window], attributes)
  // rows at the end that no window reached give further offsets, which the kernel does not have
  const cut = [spatial.map(() => 0), kernel, spatial].map((list) => build.ints(list))
  return swapFront(build, build.op('Slice', [wide, ...cut]))
}

/** [N, group · C, …] as [C, group · N, …]. */
function groupsToBatch(build: GradientBuilder, x: Value, channels: number, group: number): Value {
  if (channels === 1) return withFront(build, swapFront(build, x), [1, -1])
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
