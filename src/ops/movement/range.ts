import {ceilDivDims, type Dim, subDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {constantNumbers} from '../numbers.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {movement} from './move.js'

/** Range: start, start + delta, … below limit. ONNX Range-11. */
export const range = movement({
  type: 'Range',
  sinceOpset: 11,
  infer: inferRange,
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})

/** Longer ones are positions, not sizes. */
const MAX_LISTED = 64

function inferRange(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype} = operand(node, 0)
  const [start, limit, delta] = [0, 1, 2].map((index) => bound(node, ctx, index))
  if (typeof start === 'number' && typeof limit === 'number' && typeof delta === 'number') {
    const length = Math.max(0, Math.ceil((limit - start) / delta))
    const isSmall = length <= MAX_LISTED && Number.isInteger(start) && Number.isInteger(delta)
    const contents = isSmall ? Array.from({length}, (_, index) => start + index * delta) : undefined
    return [{dtype, shape: [length], contents}]
  }
  // a limit that is a free size, as in position ids: not below the start in any valid run
  return [
    {dtype, shape: [typeof delta === 'number' && delta > 0 ? ceilDivDims(subDims(limit, start), delta) : undefined]},
  ]
}

function bound(node: Node, ctx: InferContext, index: number): Dim {
  const input = node.inputs[index]
  return ctx.contentsOf(input)?.[0] ?? constantNumbers(ctx, input)?.[0]
}
