import {DTYPE_BY_CODE} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import type {Inferred} from '../op-spec.js'
import {dtypeOf, operand} from '../operand.js'
import {integerOperator} from './integer.js'
import {dequantizeGradient} from './qdq-gradients.js'
import {tieScales} from './tie-scales.js'

/** DequantizeLinear: (x − zero point) · scale, in the type of the scale. ONNX DequantizeLinear-10, 13, 19, 21, 23. */
export const dequantizeLinear = integerOperator({
  type: 'DequantizeLinear',
  infer: inferDequantize,
  gradient: dequantizeGradient,
  parameters: {weights: [0], biases: []},
  prune: tieScales,
})
export const contribDequantizeLinear = {...dequantizeLinear, domain: 'com.microsoft', sinceOpset: 1}

function inferDequantize(node: Node): readonly Inferred[] {
  const stated = DTYPE_BY_CODE[node.int('output_dtype', 0)]
  return [{dtype: stated ?? dtypeOf(node.inputs[1]), shape: operand(node, 0).shape}]
}
