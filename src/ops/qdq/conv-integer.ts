import {convMacs, convShape} from '../conv/conv.js'
import {operand, shapeOf} from '../operand.js'
import {integerOperator} from './integer.js'

/** ConvInteger: convolution of uint8 tensors in int32. ONNX ConvInteger-10. */
export const convInteger = integerOperator({
  type: 'ConvInteger',
  infer: (node) => [{dtype: 'int32', shape: convShape(node, operand(node, 0).shape, operand(node, 1).shape)}],
  parameters: {weights: [1], biases: []},
  macs: (node) => convMacs(node, shapeOf(node.inputs[1])),
})
