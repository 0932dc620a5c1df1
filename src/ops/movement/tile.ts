import {mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {AxisTie, InferContext, Inferred} from '../op-spec.js'
import {operand, unknownSizes} from '../operand.js'
import {axesOf, sizeOf, tieRuns} from '../ties.js'
import {movement} from './move.js'
import {tileGradient} from './move-gradients.js'

/** Tile: repeats along every axis. ONNX Tile-6, 13. */
export const tile = movement({type: 'Tile', sinceOpset: 6, infer: inferTile, gradient: tileGradient, prune: tieCopies})

function inferTile(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const repeats = ctx.contentsOf(node.inputs[1])
  if (!shape || !repeats) return [{dtype, shape: shape && unknownSizes(shape.length)}]
  return [{dtype, shape: shape.map((size, axis) => mulDims(size, repeats[axis]))}]
}

function tieCopies(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  return axesOf(x).flatMap((axis) => {
    const [size, whole] = [sizeOf(x, axis), sizeOf(y, axis)]
    if (!size || !whole) return []
    return tieRuns(size, [
      {value: x, axis},
      {value: y, axis, copies: whole / size},
    ])
  })
}
