import {NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {ALREADY_QUANTIZED, INTEGER_FORM, NO_TIES_YET, noMacs} from '../slots.js'

type IntegerParts = Pick<OpSpec, 'type' | 'infer'> & Partial<OpSpec>

/** The record of an operator on integers, as quantizers write it. */
export function integerOperator(parts: IntegerParts): OpSpec {
  return {
    sinceOpset: 10,
    parameters: NO_PARAMETERS,
    gradient: INTEGER_FORM,
    quantize: ALREADY_QUANTIZED,
    prune: NO_TIES_YET,
    macs: noMacs,
    ...parts,
  }
}
