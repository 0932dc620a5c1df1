import type {Node} from '../../ir/node.js'
import {normalizeAxes} from '../axis.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand} from '../operand.js'
import {movement} from './move.js'

/** CenterCropPad: cut or padded on both sides to the sizes asked for. ONNX CenterCropPad-18. */
export const centerCropPad = movement({type: 'CenterCropPad', sinceOpset: 18, infer: inferCenterCropPad})

function inferCenterCropPad(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{dtype, shape}]
  const wanted = ctx.contentsOf(node.inputs[1])
  const result = [...shape]
  normalizeAxes(node, node.ints('axes', undefined) ?? [...shape.keys()], shape.length).forEach((axis, index) => {
    result[axis] = wanted?.[index]
  })
  return [{dtype, shape: result}]
}
