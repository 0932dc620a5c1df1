import type {Node} from '../../../ir/node.js'
import {readNumbers} from '../../../ir/tensor.js'
import type {Range} from '../static/activation-scale.js'

/** What comes out of a Relu or Clip, with NaN for a bound that is not a constant; every value for other nodes and none. */
export function clampRange(node: Node | undefined): Range {
  if (node?.opType === 'Relu') return {min: 0, max: Number.POSITIVE_INFINITY}
  if (node?.opType !== 'Clip') return {min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY}
  return {min: clipBound(node, 1, 'min'), max: clipBound(node, 2, 'max')}
}

/** A bound of Clip: an input from opset 11 on, an attribute before; infinite when absent. */
function clipBound(node: Node, slot: number, attribute: 'min' | 'max'): number {
  const value = node.inputs[slot]
  const unbounded = attribute === 'min' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (value) return value.constant ? (readNumbers(value.constant)[0] ?? unbounded) : Number.NaN
  return node.float(attribute, unbounded)
}
