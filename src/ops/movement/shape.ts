import type {Node} from '../../ir/node.js'
import {countOf} from '../count.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {shapeOf} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {movement} from './move.js'

/** Shape: the sizes of a tensor from `start` to `end`. ONNX Shape-1, 13, 15. */
export const shape = movement({
  type: 'Shape',
  sinceOpset: 1,
  infer: inferShape,
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})

/** Size: the number of elements. ONNX Size-1, 13. */
export const size = movement({
  type: 'Size',
  sinceOpset: 1,
  infer: (node) => [{dtype: 'int64', shape: [], contents: [countOf(shapeOf(node.inputs[0]))]}],
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})

function inferShape(node: Node, _ctx: InferContext): readonly Inferred[] {
  const sizes = shapeOf(node.inputs[0])
  if (!sizes) return [{dtype: 'int64', shape: [undefined]}]
  const part = sizes.slice(node.int('start', 0), node.int('end', sizes.length))
  return [{dtype: 'int64', shape: [part.length], contents: part}]
}
