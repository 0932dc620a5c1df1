import type {DType} from '../../ir/dtype.js'
import {NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_GRADIENT_YET, NO_INTEGER_KERNEL, noMacs} from '../slots.js'
import {tieFirst} from '../ties.js'

/** A function of each element. Shape and element type stay, unless `result` is another type. */
export function unary(type: string, sinceOpset: number, slots: Partial<OpSpec> & {result?: DType} = {}): OpSpec {
  const {result, ...rest} = slots
  return {
    type,
    sinceOpset,
    infer: (node, ctx) => {
      const {dtype, shape} = operand(node, 0)
      return [
        {
          dtype: result ?? dtype,
          shape,
          contents: KEEPS_INTEGERS.has(type) ? ctx.contentsOf(node.inputs[0]) : undefined,
        },
      ]
    },
    parameters: NO_PARAMETERS,
    gradient: NO_GRADIENT_YET,
    quantize: NO_INTEGER_KERNEL,
    prune: tieFirst,
    macs: noMacs,
    ...rest,
  }
}

/** Rounding of sizes that went through a float on their way, as exporters of Resize write it. */
const KEEPS_INTEGERS: ReadonlySet<string> = new Set(['Floor', 'Ceil', 'Round'])
