import type {Node} from '../../ir/node.js'
import {broadcast} from '../broadcast.js'
import {knownProduct} from '../count.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, sizesOfRank} from '../operand.js'
import {movement} from './move.js'
import {expandGradient} from './move-gradients.js'

/** Expand: stretches sizes of 1, in both directions. ONNX Expand-8, 13. */
export const expand = movement({type: 'Expand', sinceOpset: 8, infer: inferExpand, gradient: expandGradient})

function inferExpand(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const target = ctx.contentsOf(node.inputs[1])
  const [rank] = operand(node, 1).shape ?? []
  if (!target) {
    const known = shape && typeof rank === 'number' ? sizesOfRank(Math.max(rank, shape.length)) : undefined
    return [{dtype, shape: known}]
  }
  // a wanted size of 1 keeps the input's, so this is broadcasting, not replacement
  const expanded = broadcast(node, [shape, target])
  const contents = ctx.contentsOf(node.inputs[0])
  const count = knownProduct(expanded)
  const filled = contents?.length === 1 && count !== undefined && count <= 1024
  return [{dtype, shape: expanded, contents: filled ? Array.from({length: count}, () => contents[0]) : undefined}]
}
