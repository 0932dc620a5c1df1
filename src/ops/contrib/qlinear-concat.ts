import {addDims, type Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import type {Inferred} from '../op-spec.js'
import {dtypeOf, operand, operandOf, withSize} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {inMicrosoftDomain} from './contrib.js'

/** QLinearConcat: y's scale and zero point, then x, scale and zero point of each part. */
export const qlinearConcat = inMicrosoftDomain(integerOperator({type: 'QLinearConcat', infer: inferQlinearConcat}))

function inferQlinearConcat(node: Node): readonly Inferred[] {
  const dtype = dtypeOf(node.inputs[1])
  const {shape} = operand(node, 2)
  if (!shape) return [{dtype, shape}]
  const axis = normalizeAxis(node, node.int('axis', 0), shape.length)
  const parts = node.inputs.filter((_, index) => index % 3 === 2)
  const sizes = parts.map((part): Dim => operandOf(part).shape?.[axis])
  return [{dtype, shape: withSize(shape, axis, addDims(0, ...sizes))}]
}
