import {NO_INTEGER_KERNEL} from '../slots.js'
import {binary, legacyBinary} from './binary.js'
import {powGradient} from './binary-gradients.js'

/** Pow: Z = X^Y, broadcast, in the element type of X. ONNX Pow-7, 12, 13, 15. */
export const pow = binary({type: 'Pow', slots: {gradient: powGradient, quantize: NO_INTEGER_KERNEL}})
export const pow1 = legacyBinary(pow)
