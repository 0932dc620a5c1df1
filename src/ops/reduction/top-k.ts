import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import {topKGradient} from '../movement/move-gradients.js'
import {type AxisTie, type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand, withSize} from '../operand.js'
import {NO_INTEGER_KERNEL, noMacs, OLD_FORM} from '../slots.js'
import {axesOf, tieAxes} from '../ties.js'

/** TopK: the k largest elements along one axis and their indices; k is an input since opset 10. ONNX TopK-1, 10, 11. */
export const topK: OpSpec = {
  type: 'TopK',
  sinceOpset: 10,
  infer: (node, ctx) => inferTopK(node, ctx.contentsOf(node.inputs[1])?.[0]),
  parameters: NO_PARAMETERS,
  gradient: topKGradient,
  quantize: NO_INTEGER_KERNEL,
  prune: tieOthers,
  macs: noMacs,
}
export const topK1: OpSpec = {
  ...topK,
  sinceOpset: 1,
  gradient: OLD_FORM,
  infer: (node) => inferTopK(node, node.int('k', undefined)),
}

function inferTopK(node: Node, count: Dim): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  // a k larger than the axis is an error at run time, so k is the size
  const cut = shape && withSize(shape, normalizeAxis(node, node.int('axis', -1), shape.length), count)
  return [
    {dtype, shape: cut},
    {dtype: 'int64', shape: cut},
  ]
}

/** What is sorted are positions; the other axes run through. */
function tieOthers(node: Node): AxisTie[] {
  const [x] = node.inputs
  const sorted = axisFromStart(node.int('axis', -1), axesOf(x).length)
  return axesOf(x).flatMap((axis) =>
    axis === sorted ? [] : tieAxes([x, ...node.outputs].map((value) => [value, axis] as const)),
  )
}
