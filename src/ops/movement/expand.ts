import type {Node} from '../../ir/node.js'
import {broadcast} from '../broadcast.js'
import {knownProduct} from '../count.js'
import type {AxisTie, InferContext, Inferred, Refusal} from '../op-spec.js'
import {operand, shapeOf, sizesOfRank} from '../operand.js'
import {COMPUTED_SIZES} from '../slots.js'
import {axesOf, stretchedTo, tieAxes} from '../ties.js'
import {movement} from './move.js'
import {expandGradient} from './move-gradients.js'

/** Expand: stretches sizes of 1, in both directions. ONNX Expand-8, 13. */
export const expand = movement({
  type: 'Expand',
  sinceOpset: 8,
  infer: inferExpand,
  gradient: expandGradient,
  prune: tieStretched,
})

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

/** An axis that is stretched from 1 is as long as the target says: it may be shorter. */
function tieStretched(node: Node): AxisTie[] | Refusal {
  if (!node.inputs[1]?.constant) return COMPUTED_SIZES
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const rank = shapeOf(y)?.length ?? 0
  return axesOf(y).flatMap((axis) => tieAxes([...stretchedTo(x, axis - rank), [y, axis]]))
}
