import {type Dim, floorDivDims, mulDims, subDims} from '../../ir/dim.js'
import {NO_GRADIENT_YET} from '../slots.js'
import {binary} from './binary.js'

/** Mod: the rest of A / B, with the sign of B, or of A when fmod is 1. ONNX Mod-10. */
export const mod = binary({type: 'Mod', sinceOpset: 10, fold: rest, slots: {gradient: NO_GRADIENT_YET}})

function rest(a: Dim, b: Dim): Dim {
  return typeof a === 'number' && a < 0 ? undefined : subDims(a, mulDims(b, floorDivDims(a, b)))
}
