import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import {constantNumbers} from '../numbers.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {movement} from './move.js'

/** OneHot: a new axis of length depth, on at the index. ONNX OneHot-9, 11. */
export const oneHot = movement({
  type: 'OneHot',
  sinceOpset: 9,
  infer: inferOneHot,
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})

function inferOneHot(node: Node, ctx: InferContext): readonly Inferred[] {
  const [{shape}, {dtype}] = [operand(node, 0), operand(node, 2)]
  if (!shape) return [{dtype, shape: undefined}]
  // depth may be a float tensor too
  const depth = ctx.contentsOf(node.inputs[1])?.[0] ?? constantNumbers(ctx, node.inputs[1])?.[0]
  const axis = normalizeAxis(node, node.int('axis', -1), shape.length + 1)
  return [{dtype, shape: [...shape.slice(0, axis), depth, ...shape.slice(axis)]}]
}
