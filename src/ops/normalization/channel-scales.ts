import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {AxisTie} from '../op-spec.js'
import {shapeOf} from '../operand.js'

/** Axis 1 of input and output is axis 0 of the scale, the offset and every statistic; the other axes stay. */
export function tieChannelVectors(node: Node): AxisTie[] {
  const [x, ...vectors] = node.inputs as [Value, ...(Value | undefined)[]]
  const [y] = node.outputs as [Value]
  const shape = shapeOf(x)
  if (!shape || shape.length < 2) return []
  return shape.map((_, axis): AxisTie => {
    const perChannel = axis === 1 ? vectors.flatMap((value): AxisTie => (value ? [[value, 0]] : [])) : []
    return [[x, axis], ...perChannel, [y, axis]]
  })
}
