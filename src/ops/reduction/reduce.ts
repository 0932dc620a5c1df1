import {axisFromStart} from '../../ir/axis-from-start.js'
import {addDims, type Dim, maxDim, minDim, mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {normalizeAxes} from '../axis.js'
import {constantNumbersOf, knownNumbers} from '../numbers.js'
import {type AxisTie, type InferContext, type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand, unknownSizes} from '../operand.js'
import {NO_INTEGER_KERNEL, noMacs, OLD_FORM} from '../slots.js'
import {axesOf, tieAxes} from '../ties.js'
import {reduceGradient} from './reduce-gradients.js'

/**
 * Reductions over axes, all of them by default. Axes are an attribute first, an input since opset 13 (ReduceSum) or 18 (the others).
 * ONNX ReduceSum-1, 11, 13; ReduceMean-1, 11, 13, 18; and their kin.
 */
const TYPES = [
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceProd',
  'ReduceSumSquare',
] as const

export const reductions: readonly OpSpec[] = TYPES.flatMap((type) => [byAttribute(type), byInput(type, 18)])
export const reduceSum: readonly OpSpec[] = [
  {...byAttribute('ReduceSum'), gradient: OLD_FORM},
  byInput('ReduceSum', 13),
]

function byAttribute(type: string): OpSpec {
  return reduction(type, 1, (node, ctx) => inferReduce(node, ctx, node.ints('axes', [])))
}

function byInput(type: string, sinceOpset: number): OpSpec {
  return reduction(type, sinceOpset, (node, ctx) =>
    inferReduce(node, ctx, node.inputs[1] ? knownNumbers(ctx, node.inputs[1]) : []),
  )
}

function reduction(type: string, sinceOpset: number, infer: OpSpec['infer']): OpSpec {
  return {
    type,
    sinceOpset,
    infer,
    parameters: NO_PARAMETERS,
    gradient: reduceGradient(type),
    quantize: NO_INTEGER_KERNEL,
    prune: tieReduced,
    macs: noMacs,
  }
}

/** @param axes undefined when they are computed, empty for all. */
function inferReduce(node: Node, ctx: InferContext, axes: readonly number[] | undefined): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const keep = node.int('keepdims', 1) === 1
  if (!shape || !axes) return [{dtype, shape: shape && rankAlone(node, shape.length, keep)}]
  if (axes.length === 0 && node.int('noop_with_empty_axes', 0) === 1) return [{dtype, shape}]
  const reduced = axes.length === 0 ? [...shape.keys()] : normalizeAxes(node, axes, shape.length)
  return [{dtype, shape: reduceShape(shape, reduced, keep), contents: foldSizes(node, ctx, shape)}]
}

/** Computed axes tell how many they are, which is enough for the rank; none may mean all. */
function rankAlone(node: Node, rank: number, keep: boolean): Shape | undefined {
  if (keep) return unknownSizes(rank)
  const [count] = operand(node, 1).shape ?? []
  return typeof count === 'number' && count > 0 ? unknownSizes(rank - count) : undefined
}

/** Reduced axes become 1, or go. Axes are not negative. */
export function reduceShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  if (keep) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return shape.filter((_, axis) => !axes.includes(axis))
}

/** ReduceProd of a shape is how exporters count elements; the largest of several lengths is what they pad to. */
const FOLDS: Readonly<Record<string, (...sizes: readonly Dim[]) => Dim>> = {
  ReduceProd: (...sizes) => mulDims(1, ...sizes),
  ReduceSum: (...sizes) => addDims(0, ...sizes),
  ReduceMax: (first, ...sizes) => sizes.reduce(maxDim, first),
  ReduceMin: (first, ...sizes) => sizes.reduce(minDim, first),
}

function foldSizes(node: Node, ctx: InferContext, shape: Shape): Shape | undefined {
  const [contents, fold] = [ctx.contentsOf(node.inputs[0]), FOLDS[node.opType]]
  return fold && shape.length === 1 && contents && contents.length > 0 ? [fold(...contents)] : undefined
}

/** Sums of what is zero anyway are the same without it. */
const SUMS: ReadonlySet<string> = new Set(['ReduceSum', 'ReduceSumSquare', 'ReduceL1', 'ReduceL2'])

/** Axes that stay run through, further to the front where others go; a reduced axis ends here. */
function tieReduced(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const reduced = reducedAxes(node)
  if (!reduced) return []
  const keeps = node.int('keepdims', 1) === 1
  const inexact = SUMS.has(node.opType) ? undefined : 'it is taken over the indices that stay'
  return axesOf(x).flatMap((axis) => {
    if (reduced.includes(axis)) return tieAxes([[x, axis]], inexact === undefined ? {} : {inexact})
    const place = keeps ? axis : axis - reduced.filter((other) => other < axis).length
    return tieAxes([
      [x, axis],
      [y, place],
    ])
  })
}

/** From the front; undefined where they are computed. */
function reducedAxes(node: Node): number[] | undefined {
  const axes = axesOf(node.inputs[0])
  const given = node.inputs[1] ? constantNumbersOf(node.inputs[1]) : node.ints('axes', [])
  if (given?.length === 0) return node.int('noop_with_empty_axes', 0) === 1 ? [] : axes
  return given?.map((axis) => axisFromStart(axis, axes.length))
}
