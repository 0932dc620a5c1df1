import {NO_INTEGER_KERNEL} from '../slots.js'
import {binary, legacyBinary} from './binary.js'

/** Pow: Z = X^Y, broadcast, in the element type of X. ONNX Pow-7, 12, 13, 15. */
export const pow = binary({type: 'Pow', slots: {quantize: NO_INTEGER_KERNEL}})
export const pow1 = legacyBinary(pow)
