import {addDims, type Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxes} from '../axis.js'
import {knownNumbers} from '../numbers.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, unknownSizes} from '../operand.js'
import {OLD_FORM} from '../slots.js'
import {movement} from './move.js'
import {padGradient} from './slice-gradient.js'

/** Pad: elements added (or cut) at both ends of the axes; pads are an input since opset 11, axes since 18. ONNX Pad-1, 2, 11, 13, 18, 19, 21. */
export const pad = movement({
  type: 'Pad',
  sinceOpset: 11,
  gradient: padGradient,
  infer: (node, ctx) => inferPad(node, ctx, ctx.contentsOf(node.inputs[1])),
})
export const pad2 = movement({
  type: 'Pad',
  sinceOpset: 2,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferPad(node, ctx, node.ints('pads', undefined)),
})
export const pad1 = movement({
  type: 'Pad',
  sinceOpset: 1,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferPad(node, ctx, node.ints('paddings', undefined)),
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
