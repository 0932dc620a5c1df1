import {ShapeError} from '../../errors.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {normalizeAxes} from '../axis.js'
import {knownNumbers} from '../numbers.js'
import type {AxisTie, InferContext, Inferred} from '../op-spec.js'
import {operand, shapeOf, sizesOfRank} from '../operand.js'
import {OLD_FORM} from '../slots.js'
import {movement} from './move.js'
import {reshapeGradient} from './move-gradients.js'

/** Squeeze: drops axes of size 1, all of them by default; axes are an input since opset 13. ONNX Squeeze-1, 11, 13, 21. */
export const squeeze = movement({
  type: 'Squeeze',
  sinceOpset: 13,
  gradient: reshapeGradient,
  infer: (node, ctx) => inferSqueeze(node, ctx, node.inputs[1] ? knownNumbers(ctx, node.inputs[1]) : []),
  prune: tieKeptAxes,
})

export const squeeze1 = movement({
  type: 'Squeeze',
  sinceOpset: 1,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferSqueeze(node, ctx, node.ints('axes', [])),
  prune: tieKeptAxes,
})

/** @param axes undefined when they are computed, empty for every axis of size 1. */
function inferSqueeze(node: Node, ctx: InferContext, axes: readonly number[] | undefined): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const contents = ctx.contentsOf(node.inputs[0])
  if (!shape || !axes) {
    const [count] = operand(node, 1).shape ?? []
    return [
      {dtype, shape: shape && typeof count === 'number' ? sizesOfRank(shape.length - count) : undefined, contents},
    ]
  }
  // a size that may or may not be 1 leaves the rank open
  if (axes.length === 0 && !shape.every((size) => typeof size === 'number'))
    return [{dtype, shape: undefined, contents}]
  const dropped =
    axes.length > 0 ? normalizeAxes(node, axes, shape.length) : [...shape.keys()].filter((axis) => shape[axis] === 1)
  const wide = dropped.find((axis) => typeof shape[axis] === 'number' && shape[axis] !== 1)
  if (wide !== undefined) throw new ShapeError(node, {expected: `axis ${wide} of size 1`, got: `${shape[wide]}`})
  return [{dtype, shape: shape.filter((_, axis) => !dropped.includes(axis)), contents}]
}

/** Axes that are not 1, in order, on both sides: valid for Squeeze and Unsqueeze while no free size is added or dropped. */
export function tieKeptAxes(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]] as [Value, Value]
  const [from, to] = [wideAxes(x), wideAxes(y)]
  if (from.length !== to.length) return []
  return from.map(
    (axis, index): AxisTie => [
      [x, axis],
      [y, to[index] as number],
    ],
  )
}

function wideAxes(value: Value): number[] {
  const shape = shapeOf(value) ?? []
  return [...shape.keys()].filter((axis) => shape[axis] !== 1)
}
