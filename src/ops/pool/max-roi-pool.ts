import {operand} from '../operand.js'
import {record} from '../record.js'

/** MaxRoiPool: the largest elements of each region, [rois, C, pooled_shape]. ONNX MaxRoiPool-1, 22. */
export const maxRoiPool = record({
  type: 'MaxRoiPool',
  sinceOpset: 1,
  infer(node) {
    const [x, rois] = [operand(node, 0), operand(node, 1)]
    return [{dtype: x.dtype, shape: [rois.shape?.[0], x.shape?.[1], ...node.ints('pooled_shape', [])]}]
  },
})
