import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import type {AxisTie} from '../op-spec.js'
import {axesOf, sizeOf, tieAxes} from '../ties.js'

/** Axis for axis; per channel, scales and zero points go with their channel. Blocks of a channel are not followed. */
export function tieScales(node: Node): AxisTie[] {
  const [x, ...parameters] = node.inputs
  const axis = axisFromStart(node.int('axis', 1), axesOf(x).length)
  if (node.int('block_size', 0) > 0) return []
  return axesOf(x).flatMap((one) => {
    const vectors = one === axis ? parameters.filter((value) => (sizeOf(value, 0) ?? 1) > 1) : []
    return tieAxes([[x, one], ...vectors.map((value) => [value, 0] as const), [node.outputs[0], one]])
  })
}
