import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import type {Inferred} from '../op-spec.js'
import {withSize} from '../operand.js'
import {container, elementTensor} from './element.js'

/** ConcatFromSequence: the elements joined along an axis, or stacked along a new one. ONNX ConcatFromSequence-11. */
export const concatFromSequence = container('ConcatFromSequence', 11, inferConcatFromSequence)

function inferConcatFromSequence(node: Node): readonly Inferred[] {
  const {dtype, shape} = elementTensor(node, 0)
  if (!shape) return [{dtype, shape}]
  const isNew = node.int('new_axis', 0) === 1
  const axis = normalizeAxis(node, node.int('axis', 0), shape.length + (isNew ? 1 : 0))
  const count: Dim = undefined
  const stacked = [...shape.slice(0, axis), count, ...shape.slice(axis)]
  return [{dtype, shape: isNew ? stacked : withSize(shape, axis, count)}]
}
