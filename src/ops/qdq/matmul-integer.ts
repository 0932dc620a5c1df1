import {matMulMacs, matMulShape} from '../linear/matmul.js'
import {operand} from '../operand.js'
import {integerOperator} from './integer.js'

/** MatMulInteger: (A − a0) · (B − b0) in int32. ONNX MatMulInteger-10. */
export const matMulInteger = integerOperator({
  type: 'MatMulInteger',
  infer: (node) => [{dtype: 'int32', shape: matMulShape(node, operand(node, 0).shape, operand(node, 1).shape)}],
  parameters: {weights: [0, 1], biases: []},
  macs: matMulMacs,
})
