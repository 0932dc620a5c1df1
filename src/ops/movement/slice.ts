import {addDims, ceilDivDims, type Dim, minDim, subDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {normalizeAxes, normalizeAxis} from '../axis.js'
import {gridOf, takeAlong} from '../contents.js'
import {knownNumbers} from '../numbers.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, unknownSizes} from '../operand.js'
import {OLD_FORM} from '../slots.js'
import {movement} from './move.js'
import {sliceGradient} from './slice-gradient.js'
import {tieSliced} from './tie-sliced.js'

/** Slice: from start to before end in steps, per axis; all are inputs since opset 10. ONNX Slice-1, 10, 11, 13. */
export const slice = movement({
  type: 'Slice',
  sinceOpset: 10,
  infer: inferSlice,
  gradient: sliceGradient,
  prune: tieSliced,
})
export const slice1 = movement({type: 'Slice', sinceOpset: 1, infer: inferSlice1, gradient: OLD_FORM, prune: tieSliced})

interface Range {
  readonly start: Dim
  readonly end: Dim
  readonly step: number | undefined
}

function inferSlice(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{dtype, shape: undefined}]
  const [starts, ends] = [ctx.contentsOf(node.inputs[1]), ctx.contentsOf(node.inputs[2])]
  const axes = node.inputs[3] ? knownNumbers(ctx, node.inputs[3]) : starts?.map((_, axis) => axis)
  const steps = node.inputs[4] ? knownNumbers(ctx, node.inputs[4]) : axes?.map(() => 1)
  if (!axes) return [{dtype, shape: unknownSizes(shape.length)}]
  const ranges = axes.map((_, index): Range => ({start: starts?.[index], end: ends?.[index], step: steps?.[index]}))
  return [{dtype, shape: cut(node, shape, axes, ranges), contents: cutContents(node, ctx, axes, ranges)}]
}

function inferSlice1(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{dtype, shape: undefined}]
  const [starts, ends] = [node.ints('starts', []), node.ints('ends', [])]
  const axes = node.ints('axes', undefined) ?? starts.map((_, axis) => axis)
  const ranges = axes.map((_, index): Range => ({start: starts[index], end: ends[index], step: 1}))
  return [{dtype, shape: cut(node, shape, axes, ranges), contents: cutContents(node, ctx, axes, ranges)}]
}

function cut(node: Node, shape: Shape, axes: readonly number[], ranges: readonly Range[]): Shape {
  const result = [...shape]
  normalizeAxes(node, axes, shape.length).forEach((axis, index) => {
    result[axis] = lengthOf(ranges[index] as Range, shape[axis])
  })
  return result
}

function lengthOf({start, end, step}: Range, size: Dim): Dim {
  if (step === undefined || step === 0) return undefined
  if (step < 0) return backwardLength(start, end, step, size)
  const length = ceilDivDims(subDims(clamp(end, size), clamp(start, size)), step)
  return typeof length === 'number' ? Math.max(0, length) : length
}

/** A position between 0 and the size; a negative one counts from the end. Undefined where a free size decides. */
function clamp(position: Dim, size: Dim): Dim {
  if (position === undefined) return undefined
  if (typeof position !== 'number') return minDim(position, size)
  if (position >= Number.MAX_SAFE_INTEGER || position >= INT32_MAX) return size
  if (position < 0) return typeof size === 'number' ? Math.max(0, size + position) : addDims(size, position)
  if (position === 0) return 0
  return typeof size === 'number' ? Math.min(position, size) : minDim(position, size)
}

/** PyTorch writes the largest int32 or int64 for "to the end". */
const INT32_MAX = 2 ** 31 - 1

function backwardLength(start: Dim, end: Dim, step: number, size: Dim): Dim {
  if (typeof start !== 'number' || typeof end !== 'number') return undefined
  const wholeAxis = (start === -1 || start >= INT32_MAX) && end < -INT32_MAX
  if (wholeAxis) return ceilDivDims(size, -step)
  if (typeof size !== 'number') return undefined
  const first = Math.min(start < 0 ? start + size : start, size - 1)
  const last = Math.max(end < 0 ? end + size : end, -1)
  return Math.max(0, Math.ceil((first - last) / -step))
}

function cutContents(
  node: Node,
  ctx: InferContext,
  axes: readonly number[],
  ranges: readonly Range[],
): readonly Dim[] | undefined {
  let grid = gridOf(ctx, node.inputs[0])
  for (const [index, range] of ranges.entries()) {
    if (!grid) return undefined
    const axis = normalizeAxis(node, axes[index] ?? 0, grid.sizes.length)
    const positions = positionsIn(range, grid.sizes[axis] ?? 0)
    grid = positions && takeAlong(grid, axis, positions)
  }
  return grid?.elements
}

function positionsIn(range: Range, size: number): number[] | undefined {
  const {start, step} = range
  const length = lengthOf(range, size)
  if (typeof start !== 'number' || typeof length !== 'number' || step === undefined) return undefined
  const wanted = start < 0 ? start + size : start
  const first = step > 0 ? Math.max(0, wanted) : Math.min(wanted, size - 1)
  return Array.from({length}, (_, index) => first + index * step)
}
