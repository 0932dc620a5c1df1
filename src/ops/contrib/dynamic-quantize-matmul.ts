import {matMulMacs, matMulShape} from '../linear/matmul.js'
import {operand} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {inMicrosoftDomain} from './contrib.js'

/** DynamicQuantizeMatMul: float A quantized on the way, int8 B, scale and zero point of B, bias; float result. */
export const dynamicQuantizeMatMul = inMicrosoftDomain(
  integerOperator({
    type: 'DynamicQuantizeMatMul',
    infer: (node) => [{dtype: 'float32', shape: matMulShape(node, operand(node, 0).shape, operand(node, 1).shape)}],
    parameters: {weights: [1], biases: [4]},
    macs: matMulMacs,
  }),
)

/** MatMulIntegerToFloat: A and B in 8 bits, the scales of both, zero points, bias; float result. */
export const matMulIntegerToFloat = inMicrosoftDomain({
  ...dynamicQuantizeMatMul,
  type: 'MatMulIntegerToFloat',
  infer: (node) => [
    {dtype: operand(node, 2).dtype, shape: matMulShape(node, operand(node, 0).shape, operand(node, 1).shape)},
  ],
  parameters: {weights: [0, 1], biases: [6]},
})
