import {ShapeError} from '../../errors.js'
import type {Node} from '../../ir/node.js'
import {gridOf, transposed} from '../contents.js'
import type {AxisTie, InferContext, Inferred} from '../op-spec.js'
import {operand, shapeOf, unknownSizes} from '../operand.js'
import {tieAxes} from '../ties.js'
import {movement} from './move.js'
import {transposeGradient} from './move-gradients.js'

/** Transpose: axes in another order, reversed by default. ONNX Transpose-1, 13, 21. */
export const transpose = movement({
  type: 'Transpose',
  sinceOpset: 1,
  infer: inferTranspose,
  gradient: transposeGradient,
  prune: tieTranspose,
})

function inferTranspose(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const order = node.ints('perm', undefined)
  if (!shape) return [{dtype, shape: order && unknownSizes(order.length)}]
  const axes = order ?? reversed(shape.length)
  if ([...axes].sort((a, b) => a - b).some((axis, index) => axis !== index) || axes.length !== shape.length) {
    throw new ShapeError(node, {expected: `perm to order ${shape.length} axes`, got: `[${axes.join(', ')}]`})
  }
  const grid = gridOf(ctx, node.inputs[0])
  return [{dtype, shape: axes.map((axis) => shape[axis]), contents: grid && transposed(grid, axes)}]
}

function tieTranspose(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const order = node.ints('perm', undefined) ?? reversed(shapeOf(x)?.length ?? 0)
  return order.flatMap((axis, index) =>
    tieAxes([
      [x, axis],
      [y, index],
    ]),
  )
}

function reversed(rank: number): number[] {
  return Array.from({length: rank}, (_, axis) => rank - 1 - axis)
}
