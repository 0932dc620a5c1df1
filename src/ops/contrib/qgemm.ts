import {gemmMacs, gemmShape} from '../linear/gemm.js'
import {dtypeOf, operand} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {inMicrosoftDomain} from './contrib.js'

/** QGemm: A, its scale and zero point, B, its two, bias in int32, y's two; float32 without a scale for y. */
export const qgemm = inMicrosoftDomain(
  integerOperator({
    type: 'QGemm',
    infer: (node) => [
      {
        // without a zero point for y the result stays float
        dtype: node.inputs[8] ? dtypeOf(node.inputs[8]) : 'float32',
        shape: gemmShape(node, operand(node, 0).shape, operand(node, 3).shape, operand(node, 6).shape),
      },
    ],
    parameters: {weights: [3], biases: [6]},
    macs: gemmMacs,
  }),
)
