import {NO_PARAMETERS, type OpSpec} from './op-spec.js'
import {NO_GRADIENT_YET, NO_INTEGER_KERNEL, NO_TIES_YET, noMacs} from './slots.js'

type RecordParts = Pick<OpSpec, 'type' | 'sinceOpset' | 'infer'> & Partial<OpSpec>

/** A record of which only the shapes are known so far: every other slot says why it is a gap. */
export function record(parts: RecordParts): OpSpec {
  return {
    parameters: NO_PARAMETERS,
    gradient: NO_GRADIENT_YET,
    quantize: NO_INTEGER_KERNEL,
    prune: NO_TIES_YET,
    macs: noMacs,
    ...parts,
  }
}
