import {operand} from '../operand.js'
import {tieFirst} from '../ties.js'
import {integerOperator} from './integer.js'
import {dynamicQuantizeGradient} from './qdq-gradients.js'

/** DynamicQuantizeLinear: uint8 with scale and zero point from the data itself. ONNX DynamicQuantizeLinear-11. */
export const dynamicQuantizeLinear = integerOperator({
  type: 'DynamicQuantizeLinear',
  sinceOpset: 11,
  infer: (node) => [
    {dtype: 'uint8', shape: operand(node, 0).shape},
    {dtype: 'float32', shape: []},
    {dtype: 'uint8', shape: []},
  ],
  gradient: dynamicQuantizeGradient,
  prune: tieFirst,
})
