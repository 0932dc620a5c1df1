import {ShapeError} from '../../errors.js'
import {conflict, type Dim, exactDivDims, floorDivDims, mulDims, sameDim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {countOf} from '../count.js'
import {shapeText} from '../merge-type.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, sizesOfRank} from '../operand.js'
import {COMPUTED_SIZES, OLD_FORM} from '../slots.js'
import {movement} from './move.js'
import {reshapeGradient} from './move-gradients.js'
import {tieReshaped} from './tie-reshaped.js'

/** Reshape: the same elements in other sizes; 0 keeps a size (unless allowzero), -1 takes what is left. ONNX Reshape-5, 13, 14, 19. */
export const reshape = movement({
  type: 'Reshape',
  sinceOpset: 5,
  gradient: reshapeGradient,
  infer: (node, ctx) => inferReshape(node, ctx, ctx.contentsOf(node.inputs[1])),
  prune: (node) => (node.inputs[1]?.constant ? tieReshaped(node) : COMPUTED_SIZES),
})

/** Before opset 5 the sizes were an attribute. */
export const reshape1 = movement({
  type: 'Reshape',
  sinceOpset: 1,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferReshape(node, ctx, node.ints('shape', undefined)),
  prune: tieReshaped,
})

function inferReshape(node: Node, ctx: InferContext, target: readonly Dim[] | undefined): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const contents = ctx.contentsOf(node.inputs[0])
  if (target) return [{dtype, shape: reshaped(node, shape, target), contents}]
  const [rank] = operand(node, 1).shape ?? []
  return [{dtype, shape: sizesOfRank(rank), contents}]
}

/** @throws ShapeError when the elements provably do not fit. */
function reshaped(node: Node, input: Shape | undefined, target: readonly Dim[]): Shape {
  const keepZero = node.int('allowzero', 0) === 1
  const sizes = target.map((size, axis): Dim => (size === 0 && !keepZero ? input?.[axis] : size))
  const free = sizes.indexOf(-1)
  if (free >= 0) return sizes.map((size, axis) => (axis === free ? remaining(node, input, sizes, free) : size))
  const [have, want] = [countOf(input), countOf(sizes)]
  if (conflict(have, want)) {
    throw new ShapeError(node, {
      expected: `a shape of ${have} elements, as the input ${shapeText(input)}`,
      got: shapeText(sizes),
    })
  }
  return fillOnlyGap(sizes, have)
}

/** What -1 stands for. Sizes that stay cancel even when another one is unknown. @throws ShapeError when it does not come out even. */
function remaining(node: Node, input: Shape | undefined, sizes: readonly Dim[], free: number): Dim {
  if (!input) return undefined
  const [left, right] = [[...input], sizes.filter((_, axis) => axis !== free)]
  for (const size of [...right]) {
    const match = left.findIndex((other) => sameDim(other, size))
    if (match < 0) continue
    left.splice(match, 1)
    right.splice(right.indexOf(size), 1)
  }
  const [have, rest] = [countOf(left), countOf(right)]
  const quotient = floorDivDims(have, rest)
  if (conflict(have, mulDims(quotient, rest))) {
    throw new ShapeError(node, {expected: `${have} elements to split into rows of ${rest}`, got: 'a remainder'})
  }
  return quotient
}

/** One unknown size among known ones follows from the number of elements. */
function fillOnlyGap(sizes: readonly Dim[], count: Dim): Shape {
  const gap = sizes.indexOf(undefined)
  if (gap < 0 || sizes.lastIndexOf(undefined) !== gap) return sizes
  const others = mulDims(1, ...sizes.filter((size) => size !== undefined))
  return sizes.map((size, axis) => (axis === gap ? exactDivDims(count, others) : size))
}
