import type {Dim} from '../../ir/dim.js'
import type {DType} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {broadcast} from '../broadcast.js'
import {type InferContext, type Inferred, NO_PARAMETERS, type OpSpec, refuse} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT, noMacs, OLD_FORM} from '../slots.js'
import {tieBroadcast} from '../ties.js'
import {foldSizes} from './fold-sizes.js'

interface BinaryParts {
  readonly type: string
  readonly sinceOpset?: number
  /** Element type of the result; that of the inputs when absent. */
  readonly result?: DType
  /** The operation on sizes, for shape arithmetic. */
  readonly fold?: (a: Dim, b: Dim, dtype: DType | undefined) => Dim
  readonly slots?: Partial<Pick<OpSpec, 'parameters' | 'gradient' | 'quantize' | 'prune'>>
}

/** The record of an operator on two tensors, broadcast: Add-7 and its like. */
export function binary(parts: BinaryParts): OpSpec {
  return {
    type: parts.type,
    sinceOpset: parts.sinceOpset ?? 7,
    infer: (node, ctx) => [inferBinary(node, ctx, parts)],
    parameters: NO_PARAMETERS,
    gradient: NO_GRADIENT,
    quantize: NOT_FLOAT,
    prune: tieBroadcast,
    macs: noMacs,
    ...parts.slots,
  }
}

/** Before opset 7 the second input was stretched to the first, only when the attribute `broadcast` said so. */
export function legacyBinary(modern: OpSpec): OpSpec {
  return {
    ...modern,
    sinceOpset: 1,
    infer: (node, ctx) => {
      const dtype = modern.infer(node, ctx).map((result) => ('shape' in result ? result.dtype : undefined))[0]
      return [{dtype, shape: operand(node, 0).shape}]
    },
    gradient: OLD_FORM,
    prune: refuse('before opset 7 its second input is aligned by an attribute'),
  }
}

function inferBinary(node: Node, ctx: InferContext, {result, fold}: BinaryParts): Inferred {
  const [a, b] = [operand(node, 0), operand(node, 1)]
  const dtype = a.dtype ?? b.dtype
  // an attribute of opsets below 7: the second input is stretched to the first
  const shape = node.attributes.has('axis') ? a.shape : broadcast(node, [a.shape, b.shape])
  const contents =
    shape && shape.length <= 1 && fold
      ? foldSizes(ctx.contentsOf(node.inputs[0]), ctx.contentsOf(node.inputs[1]), (x, y) => fold(x, y, dtype))
      : undefined
  return {dtype: result ?? dtype, shape, contents}
}
