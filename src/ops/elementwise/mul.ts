import {mulDims} from '../../ir/dim.js'
import {EITHER_SIDE, ELEMENTWISE} from '../slots.js'
import {binary, legacyBinary} from './binary.js'
import {mulGradient} from './binary-gradients.js'

/** Mul: Y = A * B, broadcast. ONNX Mul-7. */
export const mul = binary({
  type: 'Mul',
  fold: (a, b) => mulDims(a, b),
  slots: {gradient: mulGradient, parameters: EITHER_SIDE, quantize: ELEMENTWISE},
})
export const mul1 = legacyBinary(mul)
