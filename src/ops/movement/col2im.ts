import {exactDivDims, mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, sizesOfRank} from '../operand.js'
import {NO_INTEGER_KERNEL} from '../slots.js'
import {movement} from './move.js'

/** Col2Im: columns of blocks [N, C · block, L] added up into an image [N, C, image_shape]. ONNX Col2Im-18. */
export const col2Im = movement({type: 'Col2Im', sinceOpset: 18, infer: inferCol2Im, quantize: NO_INTEGER_KERNEL})

function inferCol2Im(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const block = ctx.contentsOf(node.inputs[2])
  const [rank] = operand(node, 1).shape ?? []
  const image = ctx.contentsOf(node.inputs[1]) ?? sizesOfRank(rank)
  const channels = exactDivDims(shape?.[1], block && mulDims(1, ...block))
  return [{dtype, shape: image && [shape?.[0], channels, ...image]}]
}
