import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {tensorType} from '../../ir/types.js'
import {normalizeAxis} from '../axis.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, shapeOf, withSize} from '../operand.js'
import {container} from './element.js'

/** SplitToSequence: pieces along an axis, of one length or of given ones; single slices without `split`. ONNX SplitToSequence-11, 24. */
export const splitToSequence = container('SplitToSequence', 11, inferSplitToSequence)

function inferSplitToSequence(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{type: {kind: 'sequence', element: tensorType(dtype, shape)}}]
  const axis = normalizeAxis(node, node.int('axis', 0), shape.length)
  const dropsAxis = !node.inputs[1] && node.int('keepdims', 1) === 0
  const piece = dropsAxis
    ? shape.filter((_, index) => index !== axis)
    : withSize(shape, axis, pieceLength(node, ctx, shape[axis]))
  return [{type: {kind: 'sequence', element: tensorType(dtype, piece)}}]
}

/** The length all pieces have; a last one that is shorter leaves it open. */
function pieceLength(node: Node, ctx: InferContext, total: Dim): Dim {
  if (!node.inputs[1]) return 1
  const lengths = ctx.contentsOf(node.inputs[1])
  const [first] = lengths ?? []
  if (typeof first !== 'number' || !lengths?.every((length) => length === first)) return undefined
  const isScalar = shapeOf(node.inputs[1])?.length === 0
  return !isScalar || (typeof total === 'number' && total % first === 0) ? first : undefined
}
