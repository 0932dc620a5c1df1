import {broadcast} from '../broadcast.js'
import type {OpSpec} from '../op-spec.js'
import {dtypeOf, operand} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {inMicrosoftDomain} from './contrib.js'

/** QLinearAdd and QLinearMul: a, its scale and zero point, b, its two, y's two; broadcast. */
export const qlinearAdd = qlinearBinary('QLinearAdd')
export const qlinearMul = qlinearBinary('QLinearMul')

function qlinearBinary(type: string): OpSpec {
  return inMicrosoftDomain(
    integerOperator({
      type,
      infer: (node) => [
        {dtype: dtypeOf(node.inputs[0]), shape: broadcast(node, [operand(node, 0).shape, operand(node, 3).shape])},
      ],
      parameters: {weights: [], biases: [0, 3]},
    }),
  )
}
