import {matMulMacs, matMulShape} from '../linear/matmul.js'
import {dtypeOf, operand} from '../operand.js'
import {integerOperator} from './integer.js'

/** QLinearMatMul: a, its scale and zero point, b, its two, y's two. ONNX QLinearMatMul-10, 21. */
export const qlinearMatMul = integerOperator({
  type: 'QLinearMatMul',
  infer: (node) => [
    {dtype: dtypeOf(node.inputs[7]), shape: matMulShape(node, operand(node, 0).shape, operand(node, 3).shape)},
  ],
  parameters: {weights: [0, 3], biases: []},
  macs: matMulMacs,
})
