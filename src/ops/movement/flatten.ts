import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import {countOf} from '../count.js'
import type {Inferred} from '../op-spec.js'
import {operand} from '../operand.js'
import {movement} from './move.js'
import {reshapeGradient} from './move-gradients.js'
import {tieReshaped} from './tie-reshaped.js'

/** Flatten: a matrix [sizes before axis, sizes from axis on]. ONNX Flatten-1, 9, 11, 13. */
export const flatten = movement({
  type: 'Flatten',
  sinceOpset: 1,
  infer: inferFlatten,
  gradient: reshapeGradient,
  prune: tieReshaped,
})

function inferFlatten(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{dtype, shape: [undefined, undefined]}]
  const axis = splitAxis(node, shape.length)
  return [{dtype, shape: [countOf(shape.slice(0, axis)), countOf(shape.slice(axis))]}]
}

/** `axis` may be the rank itself: everything in front. */
function splitAxis(node: Node, rank: number): number {
  const axis = node.int('axis', 1)
  return axis === rank ? rank : normalizeAxis(node, axis, Math.max(rank, 1))
}
