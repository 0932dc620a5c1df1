import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {normalizeAxis} from '../axis.js'
import {countOf} from '../count.js'
import type {AxisTie, Inferred} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {movement} from './move.js'
import {reshapeGradient} from './move-gradients.js'

/** Flatten: a matrix [sizes before axis, sizes from axis on]. ONNX Flatten-1, 9, 11, 13. */
export const flatten = movement({
  type: 'Flatten',
  sinceOpset: 1,
  infer: inferFlatten,
  gradient: reshapeGradient,
  prune: tieFlatten,
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

/** A channel is a block of columns; it is one column where the sizes behind it are 1. */
function tieFlatten(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]] as [Value, Value]
  const shape = shapeOf(x)
  if (!shape || node.int('axis', 1) !== 1) return []
  const behind = shape.slice(2).every((size) => size === 1)
  const batch: AxisTie = [
    [x, 0],
    [y, 0],
  ]
  return behind && shape.length > 1
    ? [
        batch,
        [
          [x, 1],
          [y, 1],
        ],
      ]
    : [batch]
}
