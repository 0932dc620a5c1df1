import type {Node} from '../../ir/node.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_INTEGER_KERNEL} from '../slots.js'
import {movement} from './move.js'

/** AffineGrid: where GridSample reads for theta[N, d, d + 1] and a size [N, C, …]: [N, …, d]. ONNX AffineGrid-20. */
export const affineGrid = movement({
  type: 'AffineGrid',
  sinceOpset: 20,
  infer: inferAffineGrid,
  quantize: NO_INTEGER_KERNEL,
})

function inferAffineGrid(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const size = ctx.contentsOf(node.inputs[1])
  const length = size?.length ?? operand(node, 1).shape?.[0]
  if (length !== 4 && length !== 5) return [{dtype, shape: undefined}]
  const spatial = Array.from({length: length - 2}, (_, axis) => size?.[axis + 2])
  return [{dtype, shape: [size?.[0] ?? shape?.[0], ...spatial, length - 2]}]
}
