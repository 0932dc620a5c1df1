import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import {gridOf, takeAlong} from '../contents.js'
import {knownNumbers} from '../numbers.js'
import type {AxisTie, InferContext, Inferred} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {axesOf, tieAxes} from '../ties.js'
import {movement} from './move.js'
import {gatherElementsGradient, gatherGradient, gatherNDGradient} from './move-gradients.js'

/** Gather: rows of a table by index, the indices' sizes in place of the axis. ONNX Gather-1, 11, 13. */
export const gather = movement({
  type: 'Gather',
  sinceOpset: 1,
  infer: inferGather,
  gradient: gatherGradient,
  parameters: {weights: [0], biases: []},
  prune: tieRows,
})

/** GatherElements: one element per index. ONNX GatherElements-11, 13. */
export const gatherElements = movement({
  type: 'GatherElements',
  sinceOpset: 11,
  infer: (node) => [{dtype: operand(node, 0).dtype, shape: operand(node, 1).shape}],
  gradient: gatherElementsGradient,
})

/** GatherND: slices by index tuples, the last axis of the indices. ONNX GatherND-11, 12, 13. */
export const gatherND = movement({type: 'GatherND', sinceOpset: 11, infer: inferGatherND, gradient: gatherNDGradient})

function inferGather(node: Node, ctx: InferContext): readonly Inferred[] {
  const [{dtype, shape}, {shape: indices}] = [operand(node, 0), operand(node, 1)]
  if (!shape || !indices) return [{dtype, shape: undefined}]
  const axis = normalizeAxis(node, node.int('axis', 0), shape.length)
  return [
    {
      dtype,
      shape: [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)],
      contents: pickContents(node, ctx, axis),
    },
  ]
}

/** `shape[-1]` is how exporters read the last size. */
function pickContents(node: Node, ctx: InferContext, axis: number): readonly Dim[] | undefined {
  const [table, indices] = [gridOf(ctx, node.inputs[0]), knownNumbers(ctx, node.inputs[1])]
  const size = table?.sizes[axis] ?? 0
  const places = indices?.map((index) => (index < 0 ? index + size : index))
  if (!table || !places?.every((place) => place >= 0 && place < size)) return undefined
  return takeAlong(table, axis, places).elements
}

function inferGatherND(node: Node): readonly Inferred[] {
  const [{dtype, shape}, {shape: indices}] = [operand(node, 0), operand(node, 1)]
  const tuple = indices?.at(-1)
  // without the length of a tuple not even the rank is known
  if (!shape || !indices || typeof tuple !== 'number') return [{dtype, shape: undefined}]
  return [{dtype, shape: [...indices.slice(0, -1), ...shape.slice(node.int('batch_dims', 0) + tuple)]}]
}

/** The axes of the table that are not looked up: in front of the indices' and behind them. */
function tieRows(node: Node): AxisTie[] {
  const [table, y] = [node.inputs[0], node.outputs[0]]
  const [rank, indices] = [shapeOf(table)?.length, shapeOf(node.inputs[1])?.length]
  if (rank === undefined || indices === undefined) return []
  const looked = axisFromStart(node.int('axis', 0), rank)
  return axesOf(table).flatMap((axis) =>
    axis === looked
      ? []
      : tieAxes([
          [table, axis],
          [y, axis < looked ? axis : axis + indices - 1],
        ]),
  )
}
