import {addDims, type Dim, maxDim, minDim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {broadcast} from '../broadcast.js'
import {type GradientRule, type InferContext, type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operandOf} from '../operand.js'
import {NO_INTEGER_KERNEL, noMacs} from '../slots.js'
import {tieBroadcast} from '../ties.js'
import {extremeGradient, meanGradient, sumGradient} from './binary-gradients.js'
import {foldSizes} from './fold-sizes.js'

type SizeFold = (a: Dim, b: Dim) => Dim

/** Min, Max, Sum and Mean of any number of tensors, broadcast since opset 8, equal shapes before. ONNX Sum-8. */
export const min = variadic('Min', extremeGradient, minDim)
export const max = variadic('Max', extremeGradient, maxDim)
export const sum = variadic('Sum', sumGradient, addDims)
export const mean = variadic('Mean', meanGradient)

/** @param fold the operation on two sizes, for shape arithmetic. */
function variadic(type: string, gradient: GradientRule, fold?: SizeFold): OpSpec {
  return {
    type,
    sinceOpset: 1,
    infer: (node, ctx) => inferVariadic(node, ctx, fold),
    parameters: NO_PARAMETERS,
    gradient,
    quantize: NO_INTEGER_KERNEL,
    prune: tieBroadcast,
    macs: noMacs,
  }
}

function inferVariadic(node: Node, ctx: InferContext, fold: SizeFold | undefined): readonly Inferred[] {
  const operands = node.inputs.map(operandOf)
  const dtype = operands.find((input) => input.dtype)?.dtype
  const shape = broadcast(
    node,
    operands.map((input) => input.shape),
  )
  return [{dtype, shape, contents: shape && shape.length <= 1 && fold ? foldAll(node, ctx, fold) : undefined}]
}

function foldAll(node: Node, ctx: InferContext, fold: SizeFold): readonly Dim[] | undefined {
  const [first, ...rest] = node.inputs.map((input) => ctx.contentsOf(input))
  return rest.reduce((result, next) => foldSizes(result, next, fold), first)
}
