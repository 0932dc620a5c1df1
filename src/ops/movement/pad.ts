import {axisFromStart} from '../../ir/axis-from-start.js'
import {addDims, type Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxes} from '../axis.js'
import {constantNumbersOf, knownNumbers} from '../numbers.js'
import type {AxisTie, InferContext, Inferred, Refusal} from '../op-spec.js'
import {operand, unknownSizes} from '../operand.js'
import {COMPUTED_SIZES, OLD_FORM} from '../slots.js'
import {axesOf, sizeOf, tieAxes, tieRuns} from '../ties.js'
import {movement} from './move.js'
import {padGradient} from './slice-gradient.js'

/** Pad: elements added (or cut) at both ends of the axes; pads are an input since opset 11, axes since 18. ONNX Pad-1, 2, 11, 13, 18, 19, 21. */
export const pad = movement({
  type: 'Pad',
  sinceOpset: 11,
  gradient: padGradient,
  infer: (node, ctx) => inferPad(node, ctx, ctx.contentsOf(node.inputs[1])),
  prune: tiePadded,
})
export const pad2 = movement({
  type: 'Pad',
  sinceOpset: 2,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferPad(node, ctx, node.ints('pads', undefined)),
  prune: tiePadded,
})
export const pad1 = movement({
  type: 'Pad',
  sinceOpset: 1,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferPad(node, ctx, node.ints('paddings', undefined)),
  prune: tiePadded,
})

function inferPad(node: Node, ctx: InferContext, pads: readonly Dim[] | undefined): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const axes = node.inputs[3] ? knownNumbers(ctx, node.inputs[3]) : shape?.map((_, axis) => axis)
  if (!shape || !pads || !axes) return [{dtype, shape: shape && unknownSizes(shape.length)}]
  const padded = [...shape]
  normalizeAxes(node, axes, shape.length).forEach((axis, index) => {
    padded[axis] = addDims(shape[axis], pads[index], pads[index + axes.length])
  })
  return [{dtype, shape: padded}]
}

/** Elements added at both ends of each axis, in the order of the axes; undefined where they are computed. */
export function padsOf(node: Node): {readonly axes: readonly number[]; readonly pads: readonly number[]} | undefined {
  const rank = axesOf(node.inputs[0]).length
  const attribute = node.ints('pads', undefined) ?? node.ints('paddings', undefined)
  const pads = attribute ?? constantNumbersOf(node.inputs[1])
  const given = node.inputs[3] ? constantNumbersOf(node.inputs[3]) : axesOf(node.inputs[0])
  return pads && given && {axes: given.map((axis) => axisFromStart(axis, rank)), pads}
}

/** The input is a range of the padded axis, as long as nothing is cut off. */
function tiePadded(node: Node): AxisTie[] | Refusal {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const padding = padsOf(node)
  if (!padding) return COMPUTED_SIZES
  const {axes, pads} = padding
  return axesOf(x).flatMap((axis) => {
    const index = axes.indexOf(axis)
    const [begin, end] = index < 0 ? [0, 0] : [pads[index] ?? 0, pads[index + axes.length] ?? 0]
    if (begin === 0 && end === 0)
      return tieAxes([
        [x, axis],
        [y, axis],
      ])
    const isConstant = node.string('mode', 'constant') === 'constant' && begin >= 0 && end >= 0
    return isConstant
      ? tieRuns(sizeOf(x, axis), [
          {value: x, axis},
          {value: y, axis, offset: begin},
        ])
      : []
  })
}
