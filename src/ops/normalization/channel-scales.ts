import type {Node} from '../../ir/node.js'
import type {AxisTie} from '../op-spec.js'
import {axesOf, tieAxes} from '../ties.js'

/** Axis 1 of input and output is axis 0 of the scale, the offset and every statistic; the other axes stay. */
export function tieChannelVectors(node: Node): AxisTie[] {
  const [x, ...vectors] = node.inputs
  const [y, ...statistics] = node.outputs
  if (axesOf(x).length < 2) return []
  return axesOf(x).flatMap((axis) => {
    const perChannel = axis === 1 ? [...vectors, ...statistics].map((value) => [value, 0] as const) : []
    return tieAxes([[x, axis], ...perChannel, [y, axis]])
  })
}
