import {mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, unknownSizes} from '../operand.js'
import {movement} from './move.js'
import {tileGradient} from './move-gradients.js'

/** Tile: repeats along every axis. ONNX Tile-6, 13. */
export const tile = movement({type: 'Tile', sinceOpset: 6, infer: inferTile, gradient: tileGradient})

function inferTile(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const repeats = ctx.contentsOf(node.inputs[1])
  if (!shape || !repeats) return [{dtype, shape: shape && unknownSizes(shape.length)}]
  return [{dtype, shape: shape.map((size, axis) => mulDims(size, repeats[axis]))}]
}
