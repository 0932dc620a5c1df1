import {addDims, type Dim, mulDims, subDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {windowOf} from '../conv/window.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, unknownSizes} from '../operand.js'
import {record} from '../record.js'
import {tieChannels} from '../ties.js'

/** MaxUnpool: the inverse of MaxPool by its indices; the size is ambiguous, so an input may give it. ONNX MaxUnpool-9, 11, 22. */
export const maxUnpool = record({type: 'MaxUnpool', sinceOpset: 9, infer: inferMaxUnpool, prune: tieChannels})

function inferMaxUnpool(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{dtype, shape}]
  if (node.inputs[2]) return [{dtype, shape: ctx.contentsOf(node.inputs[2]) ?? unknownSizes(shape.length)}]
  const {strides, pads, kernel} = windowOf(node, node.ints('kernel_shape', []))
  const spatial = shape.slice(2).map((size, axis): Dim => {
    const [begin, end] = pads?.[axis] ?? [0, 0]
    return addDims(mulDims(subDims(size, 1), strides[axis]), kernel[axis], -begin - end)
  })
  return [{dtype, shape: [...shape.slice(0, 2), ...spatial]}]
}
