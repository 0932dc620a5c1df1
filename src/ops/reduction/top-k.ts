import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import {topKGradient} from '../movement/move-gradients.js'
import {type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand, withSize} from '../operand.js'
import {NO_CHANNELS, NO_INTEGER_KERNEL, noMacs, OLD_FORM} from '../slots.js'

/** TopK: the k largest elements along one axis and their indices; k is an input since opset 10. ONNX TopK-1, 10, 11. */
export const topK: OpSpec = {
  type: 'TopK',
  sinceOpset: 10,
  infer: (node, ctx) => inferTopK(node, ctx.contentsOf(node.inputs[1])?.[0]),
  parameters: NO_PARAMETERS,
  gradient: topKGradient,
  quantize: NO_INTEGER_KERNEL,
  prune: NO_CHANNELS,
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
