import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {broadcast} from '../broadcast.js'
import {type InferContext, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {ELEMENTWISE, noMacs} from '../slots.js'
import {tieBroadcast} from '../ties.js'
import {whereGradient} from './binary-gradients.js'

/** Where: X where the condition holds, else Y, all three broadcast. ONNX Where-9. */
export const where: OpSpec = {
  type: 'Where',
  sinceOpset: 9,
  infer(node, ctx) {
    const [condition, x, y] = [operand(node, 0), operand(node, 1), operand(node, 2)]
    const shape = broadcast(node, [condition.shape, x.shape, y.shape])
    return [{dtype: x.dtype ?? y.dtype, shape, contents: chooseSizes(node, ctx, shape?.length)}]
  },
  parameters: NO_PARAMETERS,
  gradient: whereGradient,
  quantize: ELEMENTWISE,
  prune: tieBroadcast,
  macs: noMacs,
}

function chooseSizes(node: Node, ctx: InferContext, rank: number | undefined): Dim[] | undefined {
  const [condition, x, y] = node.inputs.map((input) => ctx.contentsOf(input))
  if (!condition || !x || !y || rank === undefined || rank > 1) return undefined
  const length = Math.max(condition.length, x.length, y.length)
  return Array.from({length}, (_, index) => {
    const chosen = at(condition, index)
    return chosen === undefined ? undefined : at(chosen === 0 ? y : x, index)
  })
}

function at(sizes: readonly Dim[], index: number): Dim {
  return sizes[sizes.length === 1 ? 0 : index]
}
