import {operand} from '../operand.js'
import {NO_INTEGER_KERNEL} from '../slots.js'
import {tieChannels} from '../ties.js'
import {movement} from './move.js'

/** GridSample: X[N, C, …] read at the points of grid[N, …out, dims]. ONNX GridSample-16, 20, 22. */
export const gridSample = movement({
  type: 'GridSample',
  sinceOpset: 16,
  infer(node) {
    const [x, grid] = [operand(node, 0), operand(node, 1)]
    const known = x.shape && grid.shape
    return [{dtype: x.dtype, shape: known && [...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)]}]
  },
  quantize: NO_INTEGER_KERNEL,
  prune: tieChannels,
})
