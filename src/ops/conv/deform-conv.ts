import {operand, shapeOf} from '../operand.js'
import {record} from '../record.js'
import {convMacs, convShape} from './conv.js'

/** DeformConv: X and W as in Conv, each sample read at an offset of its own, optionally scaled by a mask. ONNX DeformConv-19, 22. */
export const deformConv = record({
  type: 'DeformConv',
  sinceOpset: 19,
  infer(node) {
    const [x, w] = [operand(node, 0), operand(node, 1)]
    return [{dtype: x.dtype ?? w.dtype, shape: convShape(node, x.shape, w.shape)}]
  },
  parameters: {weights: [1], biases: [3]},
  macs: (node) => convMacs(node, shapeOf(node.inputs[1])),
})
