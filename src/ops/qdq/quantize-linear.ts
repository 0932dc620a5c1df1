import {DTYPE_BY_CODE} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import type {Inferred} from '../op-spec.js'
import {dtypeOf, operand} from '../operand.js'
import {integerOperator} from './integer.js'
import {quantizeGradient} from './qdq-gradients.js'
import {tieScales} from './tie-scales.js'

/** QuantizeLinear: round(x / scale) + zero point, in the type of the zero point, uint8 without one. ONNX QuantizeLinear-10, 13, 19, 21, 23. */
export const quantizeLinear = integerOperator({
  type: 'QuantizeLinear',
  infer: inferQuantize,
  gradient: quantizeGradient,
  prune: tieScales,
})
export const contribQuantizeLinear = {...quantizeLinear, domain: 'com.microsoft', sinceOpset: 1}

function inferQuantize(node: Node): readonly Inferred[] {
  // a zero point decides over the attribute of opset 21
  const stated = DTYPE_BY_CODE[node.int('output_dtype', 0)]
  return [
    {dtype: dtypeOf(node.inputs[2]) ?? stated ?? (node.inputs[2] ? undefined : 'uint8'), shape: operand(node, 0).shape},
  ]
}
