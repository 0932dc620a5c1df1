import {operand} from '../operand.js'
import {record} from '../record.js'

/** Det: the determinant of each matrix in the last two axes. ONNX Det-11, 22. */
export const det = record({
  type: 'Det',
  sinceOpset: 11,
  infer(node) {
    const {dtype, shape} = operand(node, 0)
    return [{dtype, shape: shape?.slice(0, -2)}]
  },
})
