import {convMacs, convShape} from '../conv/conv.js'
import {dtypeOf, operand, shapeOf} from '../operand.js'
import {integerOperator} from './integer.js'

/** QLinearConv: x, its scale and zero point, w, its two, y's two, bias in int32. ONNX QLinearConv-10. */
export const qlinearConv = integerOperator({
  type: 'QLinearConv',
  infer: (node) => [
    {dtype: dtypeOf(node.inputs[7]), shape: convShape(node, operand(node, 0).shape, operand(node, 3).shape)},
  ],
  parameters: {weights: [3], biases: [8]},
  macs: (node) => convMacs(node, shapeOf(node.inputs[3])),
})
