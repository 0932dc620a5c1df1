import {ShapeError} from '../../errors.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxes} from '../axis.js'
import {knownNumbers} from '../numbers.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, sizesOfRank} from '../operand.js'
import {OLD_FORM} from '../slots.js'
import {movement} from './move.js'
import {reshapeGradient} from './move-gradients.js'
import {tieReshaped} from './tie-reshaped.js'

/** Squeeze: drops axes of size 1, all of them by default; axes are an input since opset 13. ONNX Squeeze-1, 11, 13, 21. */
export const squeeze = movement({
  type: 'Squeeze',
  sinceOpset: 13,
  gradient: reshapeGradient,
  infer: (node, ctx) => inferSqueeze(node, ctx, node.inputs[1] ? knownNumbers(ctx, node.inputs[1]) : []),
  prune: tieReshaped,
})

export const squeeze1 = movement({
  type: 'Squeeze',
  sinceOpset: 1,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferSqueeze(node, ctx, node.ints('axes', [])),
  prune: tieReshaped,
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
