import type {Node} from '../../ir/node.js'
import {countOf} from '../count.js'
import {constantNumbersOf} from '../numbers.js'
import {type AxisTie, type InferContext, type Inferred, type Refusal, refuse} from '../op-spec.js'
import {shapeOf} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {axesOf, tieAxes} from '../ties.js'
import {movement} from './move.js'

/** Shape: the sizes of a tensor from `start` to `end`. ONNX Shape-1, 13, 15. */
export const shape = movement({
  type: 'Shape',
  sinceOpset: 1,
  infer: inferShape,
  prune: tieUnreadSizes,
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

const READS_ALL = refuse('it reads the sizes, and nobody knows what for')

/** An axis whose size nobody picks may change: exporters read the batch and the length of a sequence. */
function tieUnreadSizes(node: Node): AxisTie[] | Refusal {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const start = node.int('start', 0)
  const picks = y?.consumers.map((reader) =>
    reader.opType === 'Gather' ? constantNumbersOf(reader.inputs[1]) : undefined,
  )
  if (!picks || y?.isOutput || picks.includes(undefined)) return READS_ALL
  const rank = axesOf(x).length
  const read = new Set(
    picks.flatMap((places) => (places ?? []).map((place) => (place < 0 ? place + rank : place + start))),
  )
  return axesOf(x).flatMap((axis) => (read.has(axis) ? [] : tieAxes([[x, axis]])))
}
