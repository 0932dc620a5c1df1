import {ShapeError} from '../../errors.js'
import {conflict, type Dim, exactDivDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {normalizeAxis} from '../axis.js'
import {knownNumbers} from '../numbers.js'
import type {AxisTie, InferContext, Inferred, Refusal} from '../op-spec.js'
import {operand, withSize} from '../operand.js'
import {COMPUTED_SIZES, OLD_FORM} from '../slots.js'
import {tieParts} from '../ties.js'
import {movement} from './move.js'
import {splitGradient} from './move-gradients.js'

/** Split: parts along one axis; sizes are an input since opset 13, and num_outputs allows a smaller last part since 18. ONNX Split-1, 2, 11, 13, 18. */
export const split = movement({
  type: 'Split',
  sinceOpset: 13,
  gradient: splitGradient,
  infer: (node, ctx) => inferSplit(node, ctx, sizesFromInput(node, ctx)),
  prune: tieSplit,
})
export const split1 = movement({
  type: 'Split',
  sinceOpset: 1,
  gradient: OLD_FORM,
  infer: (node, ctx) =>
    inferSplit(node, ctx, {given: node.ints('split', undefined) !== undefined, sizes: node.ints('split', undefined)}),
  prune: tieSplit,
})

interface Parts {
  readonly given: boolean
  readonly sizes: readonly number[] | undefined
}

function sizesFromInput(node: Node, ctx: InferContext): Parts {
  return {given: node.inputs[1] !== undefined, sizes: knownNumbers(ctx, node.inputs[1])}
}

function inferSplit(node: Node, ctx: InferContext, parts: Parts): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return node.outputs.map(() => ({dtype, shape: undefined}))
  const axis = normalizeAxis(node, node.int('axis', 0), shape.length)
  const sizes = partSizes(node, shape[axis], parts)
  const contents = shape.length === 1 ? ctx.contentsOf(node.inputs[0]) : undefined
  let start = 0
  return sizes.map((size) => {
    const known = contents && typeof size === 'number' ? contents.slice(start, start + size) : undefined
    start += typeof size === 'number' ? size : Number.NaN
    return {dtype, shape: withSize(shape as Shape, axis, size), contents: known}
  })
}

/** @throws ShapeError when the parts do not add up to the axis. */
function partSizes(node: Node, total: Dim, {given, sizes}: Parts): Dim[] {
  const count = node.outputs.length
  if (sizes) {
    const sum = sizes.reduce((left, right) => left + right, 0)
    if (conflict(sum, total)) throw new ShapeError(node, {expected: `parts that add up to ${total}`, got: `${sum}`})
    return [...sizes]
  }
  if (given) return Array.from({length: count}, (): Dim => undefined)
  if (typeof total !== 'number') return Array.from({length: count}, () => exactDivDims(total, count))
  // since opset 18 the last part may be smaller; before, uneven splits were no valid model
  const part = Math.ceil(total / count)
  return Array.from({length: count}, (_, index) => (index < count - 1 ? part : total - part * (count - 1)))
}

function tieSplit(node: Node): AxisTie[] | Refusal {
  if (node.inputs[1] && !node.inputs[1].constant) return COMPUTED_SIZES
  return tieParts(node.inputs[0], node.outputs, node.int('axis', 0))
}
