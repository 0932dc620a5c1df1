import {NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {NO_GRADIENT_YET, noMacs, PASSTHROUGH, TIES_LOST} from '../slots.js'

type MoveParts = Pick<OpSpec, 'type' | 'sinceOpset' | 'infer'> &
  Partial<Pick<OpSpec, 'parameters' | 'gradient' | 'quantize' | 'prune'>>

/** The record of an operator that moves or selects elements and computes nothing. */
export function movement(parts: MoveParts): OpSpec {
  return {
    parameters: NO_PARAMETERS,
    gradient: NO_GRADIENT_YET,
    quantize: PASSTHROUGH,
    prune: TIES_LOST,
    macs: noMacs,
    ...parts,
  }
}
