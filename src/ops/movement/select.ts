import {DTYPE_BY_CODE} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import type {AxisTie, Inferred} from '../op-spec.js'
import {operand, withSize} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT, sameAsFirst} from '../slots.js'
import {axesOf, tieBut} from '../ties.js'
import {movement} from './move.js'
import {againGradient, selectionGradient} from './move-gradients.js'

/** Operators whose result depends on the data, and masks. ONNX Trilu-14, EyeLike-9, NonZero-9, Compress-9, ReverseSequence-10. */
export const trilu = movement({
  type: 'Trilu',
  sinceOpset: 14,
  infer: sameAsFirst,
  gradient: againGradient,
  prune: tieMatrices,
})
export const reverseSequence = movement({
  type: 'ReverseSequence',
  sinceOpset: 10,
  infer: sameAsFirst,
  gradient: againGradient,
  prune: (node) => tieBut(node, [node.int('time_axis', 0), node.int('batch_axis', 1)]),
})
export const eyeLike = movement({
  type: 'EyeLike',
  sinceOpset: 9,
  infer: inferEyeLike,
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})
export const nonZero = movement({
  type: 'NonZero',
  sinceOpset: 9,
  infer: (node) => [{dtype: 'int64', shape: [operand(node, 0).shape?.length, undefined]}],
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})
export const compress = movement({type: 'Compress', sinceOpset: 9, infer: inferCompress, gradient: selectionGradient})

function inferEyeLike(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  return [{dtype: DTYPE_BY_CODE[node.int('dtype', 0)] ?? dtype, shape}]
}

function inferCompress(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const axis = node.int('axis', undefined)
  if (axis === undefined) return [{dtype, shape: [undefined]}]
  return [{dtype, shape: shape && withSize(shape, normalizeAxis(node, axis, shape.length), undefined)}]
}

/** Rows and columns are positions. */
function tieMatrices(node: Node): AxisTie[] {
  return tieBut(node, axesOf(node.inputs[0]).slice(-2))
}
