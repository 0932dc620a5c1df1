import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {shapeOf} from '../operand.js'

/** Gradients of operators that move elements: the way back. */

/** The same elements in the shape of the input: Reshape, Flatten, Squeeze, Unsqueeze. */
export const reshapeGradient: GradientRule = (build, node, [d]) => {
  const [x] = node.inputs
  return d && x ? [build.reshapeAs(d, x)] : []
}

export const identityGradient: GradientRule = (_build, _node, [d]) => [d]

/** The inverse permutation; reversing all axes is its own. */
export const transposeGradient: GradientRule = (build, node, [d]) => {
  const perm = node.ints('perm', undefined)
  if (!d) return []
  return [perm ? build.transpose(d, inverse(perm)) : build.op('Transpose', [d])]
}

function inverse(perm: readonly number[]): number[] {
  return perm.map((_, axis) => perm.indexOf(axis))
}

export const expandGradient: GradientRule = (build, node, [d]) => {
  const [x] = node.inputs
  return d && x ? [build.sumTo(d, x)] : []
}

/** Repeats and sizes as axes of their own, [r0, s0, r1, s1, …], then summed over the repeats. */
export const tileGradient: GradientRule = (build, node, [d]) => {
  const [x, repeats] = node.inputs as [Value, Value]
  const rank = shapeOf(x)?.length ?? build.refuse(node, 'the rank of its input is not known')
  if (!d) return []
  const columns = [repeats, build.shapeOf(x)].map((sizes) => build.unsqueeze(sizes, [1]))
  const apart = build.reshape(build.op('Concat', columns, {axis: 1}), [-1])
  const axes = Array.from({length: rank}, (_, axis) => 2 * axis)
  return [build.sum(build.op('Reshape', [d, apart]), axes, 0)]
}

/** Each part gets its piece back. */
export const concatGradient: GradientRule = (build, node, [d]) => {
  if (!d) return []
  const axis = node.int('axis', 0)
  const parts = node.inputs.filter((input) => input !== undefined)
  if (parts.length === 1) return [d]
  const sizes = parts.map((part) => shapeOf(part)?.at(axis))
  const known = sizes.every((size) => typeof size === 'number') ? build.ints(sizes as number[]) : undefined
  const split =
    known ??
    build.op(
      'Concat',
      parts.map((part) => build.sizesOf(part, [axis])),
      {axis: 0},
    )
  return build.node('Split', [d, split], {axis}, {outputs: parts.length}).outputs
}

/** Parts that nobody used count as zeros. */
export const splitGradient: GradientRule = (build, node, gradients) => {
  const parts = node.outputs.map((_, index) => gradients[index] ?? build.zerosLike(build.outputOf(node, index)))
  return [build.op('Concat', parts, {axis: node.int('axis', 0)})]
}

/** What selects elements by position takes the positions themselves, and shows where each gradient belongs. */
export const selectionGradient: GradientRule = (build, node, [d]) => {
  const [x, ...rest] = node.inputs as [Value, ...(Value | undefined)[]]
  return d ? [build.scatterBack(d, build.again(node, [build.positions(x), ...rest]), x)] : []
}

/** Trilu, ReverseSequence: the gradient goes through the same operator. */
export const againGradient: GradientRule = (build, node, [d]) =>
  d ? [build.again(node, [d, ...node.inputs.slice(1)])] : []

/** Rows are added up where they came from, which ScatterND does for the first axis: another one is moved there. */
export const gatherGradient: GradientRule = (build, node, [d]) => {
  const [x, indices] = node.inputs as [Value, Value]
  const [rank, depth] = [x, indices].map((value) => shapeOf(value)?.length)
  if (!d) return []
  if (rank === undefined || depth === undefined) return build.refuse(node, 'the ranks of its inputs are not known')
  const axis = axisFromStart(node.int('axis', 0), rank)
  const axes = [...Array(rank + depth - 1).keys()]
  const rows = build.transpose(d, [
    ...axes.slice(axis, axis + depth),
    ...axes.slice(0, axis),
    ...axes.slice(axis + depth),
  ])
  const order = [axis, ...[...Array(rank).keys()].filter((other) => other !== axis)]
  const zeros = build.filled(build.sizesOf(x, order), x, 0)
  const places = build.unsqueeze(indices, [-1])
  const summed = build.op('ScatterND', [zeros, places, rows], {reduction: 'add'})
  return [build.transpose(summed, inverse(order))]
}

export const gatherElementsGradient: GradientRule = (build, node, [d]) => {
  const [x, indices] = node.inputs as [Value, Value]
  const attributes = {axis: node.int('axis', 0), reduction: 'add'}
  return d ? [build.op('ScatterElements', [build.zerosLike(x), indices, d], attributes)] : []
}

export const gatherNDGradient: GradientRule = (build, node, [d]) => {
  const [x, indices] = node.inputs as [Value, Value]
  if (node.int('batch_dims', 0) !== 0) build.refuse(node, 'batch_dims has no counterpart in ScatterND')
  return d ? [build.op('ScatterND', [build.zerosLike(x), indices, d], {reduction: 'add'})] : []
}

/** ScatterND, ScatterElements: what was overwritten gets nothing, what was written gets what stands there. */
export function scatterGradient(
  read: (build: GradientBuilder, node: Node, d: Value, indices: Value) => Value,
): GradientRule {
  return (build, node, [d]) => {
    const [, indices, updates] = node.inputs as [Value, Value, Value]
    const reduction = node.string('reduction', 'none')
    if (!d) return []
    if (reduction !== 'none' && reduction !== 'add') build.refuse(node, `reduction '${reduction}' has no simple slope`)
    const kept = reduction === 'add' ? d : build.again(node, [d, indices, build.zerosLike(updates)])
    return [kept, undefined, read(build, node, d, indices)]
  }
}

/** The elements a TopK chose get their gradient back. */
export const topKGradient: GradientRule = (build, node, [d]) => {
  const [x] = node.inputs as [Value]
  const attributes = {axis: node.int('axis', -1), reduction: 'add'}
  return d ? [build.op('ScatterElements', [build.zerosLike(x), build.outputOf(node, 1), d], attributes)] : []
}

/** Sums from the other end. */
export const cumSumGradient: GradientRule = (build, node, [d]) =>
  d ? [build.again(node, [d, node.inputs[1]], {reverse: 1 - node.int('reverse', 0)})] : []
