import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {normalizeAxes} from '../axis.js'
import {knownNumbers} from '../numbers.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, sizesOfRank} from '../operand.js'
import {OLD_FORM} from '../slots.js'
import {movement} from './move.js'
import {reshapeGradient} from './move-gradients.js'
import {tieReshaped} from './tie-reshaped.js'

/** Unsqueeze: adds axes of size 1; axes are an input since opset 13. ONNX Unsqueeze-1, 11, 13, 21. */
export const unsqueeze = movement({
  type: 'Unsqueeze',
  sinceOpset: 13,
  gradient: reshapeGradient,
  infer: (node, ctx) => inferUnsqueeze(node, ctx, knownNumbers(ctx, node.inputs[1])),
  prune: tieReshaped,
})

export const unsqueeze1 = movement({
  type: 'Unsqueeze',
  sinceOpset: 1,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferUnsqueeze(node, ctx, node.ints('axes', undefined)),
  prune: tieReshaped,
})

function inferUnsqueeze(node: Node, ctx: InferContext, axes: readonly number[] | undefined): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const contents = ctx.contentsOf(node.inputs[0])
  if (shape && axes) return [{dtype, shape: insertOnes(node, shape, axes), contents}]
  const [count] = operand(node, 1).shape ?? []
  return [{dtype, shape: shape && typeof count === 'number' ? sizesOfRank(shape.length + count) : undefined, contents}]
}

/** Axes are those of the result. */
function insertOnes(node: Node, shape: Shape, axes: readonly number[]): Shape {
  const rank = shape.length + axes.length
  const added = normalizeAxes(node, axes, rank)
  const rest = [...shape]
  return Array.from({length: rank}, (_, axis): Dim => (added.includes(axis) ? 1 : rest.shift()))
}
