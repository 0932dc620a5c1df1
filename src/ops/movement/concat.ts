import {ShapeError} from '../../errors.js'
import {addDims, conflict, type Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {normalizeAxis} from '../axis.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operandOf, shapeOf} from '../operand.js'
import {ELEMENTWISE, OLD_FORM} from '../slots.js'
import {tieParts} from '../ties.js'
import {movement} from './move.js'
import {concatGradient} from './move-gradients.js'

/** Concat: joins along one axis, 1 by default before opset 4. ONNX Concat-1, 4, 11, 13. */
export const concat = movement({
  type: 'Concat',
  sinceOpset: 4,
  infer: (node, ctx) => inferConcat(node, ctx, node.int('axis', 0)),
  gradient: concatGradient,
  quantize: ELEMENTWISE,
  prune: (node) => tieParts(node.outputs[0], node.inputs, node.int('axis', 1)),
})
export const concat1 = {...concat, sinceOpset: 1, infer: inferConcat1, gradient: OLD_FORM}

function inferConcat1(node: Node, ctx: InferContext): readonly Inferred[] {
  return inferConcat(node, ctx, node.int('axis', 1))
}

function inferConcat(node: Node, ctx: InferContext, wanted: number): readonly Inferred[] {
  const operands = node.inputs.map(operandOf)
  const dtype = operands.find((input) => input.dtype)?.dtype
  const shapes = operands.map((input) => input.shape)
  const rank = shapes.find((shape) => shape)?.length
  if (rank === undefined) return [{dtype, shape: undefined}]
  const axis = normalizeAxis(node, wanted, rank)
  return [{dtype, shape: joined(node, shapes, axis, rank), contents: rank === 1 ? joinContents(node, ctx) : undefined}]
}

function joined(node: Node, shapes: readonly (Shape | undefined)[], axis: number, rank: number): Shape {
  return Array.from({length: rank}, (_, index): Dim => {
    const sizes = shapes.map((shape) => sizeAt(node, shape, index, rank))
    if (index === axis) return addDims(0, ...sizes)
    const known = sizes.find((size) => typeof size === 'number') ?? sizes.find((size) => size !== undefined)
    const other = sizes.find((size) => conflict(size, known))
    if (other !== undefined) throw new ShapeError(node, {expected: `size ${known} on axis ${index}`, got: `${other}`})
    return known
  })
}

function sizeAt(node: Node, shape: Shape | undefined, axis: number, rank: number): Dim {
  if (shape && shape.length !== rank)
    throw new ShapeError(node, {expected: `inputs of rank ${rank}`, got: `${shape.length}`})
  return shape?.[axis]
}

/** A part of known length but unknown contents leaves gaps, not a hole in everything. */
function joinContents(node: Node, ctx: InferContext): Dim[] | undefined {
  const parts = node.inputs.map((input) => ctx.contentsOf(input) ?? gaps(input))
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? [])
}

function gaps(input: Value | undefined): Dim[] | undefined {
  const [length] = shapeOf(input) ?? []
  return typeof length === 'number' && length <= 64 ? Array.from({length}, (): Dim => undefined) : undefined
}
