import {subDims} from '../../ir/dim.js'
import {EITHER_SIDE, NO_INTEGER_KERNEL} from '../slots.js'
import {binary, legacyBinary} from './binary.js'
import {subGradient} from './binary-gradients.js'

/** Sub: Y = A - B, broadcast. ONNX Sub-7. */
export const sub = binary({
  type: 'Sub',
  fold: subDims,
  slots: {gradient: subGradient, parameters: EITHER_SIDE, quantize: NO_INTEGER_KERNEL},
})
export const sub1 = legacyBinary(sub)
