import {KEPT_FLOAT} from '../slots.js'
import {binary, legacyBinary} from './binary.js'

/** Pow: Z = X^Y, broadcast, in the element type of X. ONNX Pow-7, 12, 13, 15. */
export const pow = binary({type: 'Pow', slots: {quantize: KEPT_FLOAT}})
export const pow1 = legacyBinary(pow)
