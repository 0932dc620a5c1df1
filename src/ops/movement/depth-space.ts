import {floorDivDims, mulDims} from '../../ir/dim.js'
import {operand} from '../operand.js'
import {movement} from './move.js'

/** Blocks of b·b channels become b × b positions, and back. ONNX DepthToSpace-1, 11, 13; SpaceToDepth-1, 13. */
export const depthToSpace = movement({
  type: 'DepthToSpace',
  sinceOpset: 1,
  infer(node) {
    const {dtype, shape} = operand(node, 0)
    const block = node.int('blocksize', 1)
    if (!shape) return [{dtype, shape}]
    const [n, c, h, w] = shape
    return [{dtype, shape: [n, floorDivDims(c, block * block), mulDims(h, block), mulDims(w, block)]}]
  },
})

export const spaceToDepth = movement({
  type: 'SpaceToDepth',
  sinceOpset: 1,
  infer(node) {
    const {dtype, shape} = operand(node, 0)
    const block = node.int('blocksize', 1)
    if (!shape) return [{dtype, shape}]
    const [n, c, h, w] = shape
    return [{dtype, shape: [n, mulDims(c, block * block), floorDivDims(h, block), floorDivDims(w, block)]}]
  },
})
