import type {Dim} from '../../ir/dim.js'
import type {DType} from '../../ir/dtype.js'
import {NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_GRADIENT_YET, NO_INTEGER_KERNEL, noMacs} from '../slots.js'
import {tieFirst} from '../ties.js'

type UnarySlots = Partial<Pick<OpSpec, 'parameters' | 'gradient' | 'quantize' | 'prune'>> & {
  /** Element type of the result; that of the input when absent. */
  readonly result?: DType
  /** The function on sizes, for shape arithmetic. */
  readonly fold?: (size: Dim) => Dim
}

/** The record of a function of each element: the shape stays. */
export function unary(type: string, sinceOpset: number, {result, fold, ...slots}: UnarySlots = {}): OpSpec {
  return {
    type,
    sinceOpset,
    infer: (node, ctx) => {
      const {dtype, shape} = operand(node, 0)
      return [{dtype: result ?? dtype, shape, contents: fold && ctx.contentsOf(node.inputs[0])?.map(fold)}]
    },
    parameters: NO_PARAMETERS,
    gradient: NO_GRADIENT_YET,
    quantize: NO_INTEGER_KERNEL,
    prune: tieFirst,
    macs: noMacs,
    ...slots,
  }
}
