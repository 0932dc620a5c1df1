import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import type {Inferred} from '../op-spec.js'
import {operand, withSize} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {movement} from './move.js'

/** Unique: the different elements, or slices along an axis, where each was found first, where it went, and how often it is there. ONNX Unique-11. */
export const unique = movement({
  type: 'Unique',
  sinceOpset: 11,
  infer: inferUnique,
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})

function inferUnique(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const axis = node.int('axis', undefined)
  const kept = shape && axis !== undefined ? withSize(shape, normalizeAxis(node, axis, shape.length), undefined) : shape
  const list = {dtype: 'int64' as const, shape: [undefined]}
  return [{dtype, shape: axis === undefined ? [undefined] : kept}, list, list, list]
}
