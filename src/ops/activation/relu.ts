import {unary} from '../elementwise/unary.js'
import {ACTIVATION} from '../slots.js'
import {gradientOfActivation} from './activation-gradients.js'

/** Relu: max(x, 0). ONNX Relu-1, 6, 13, 14. */
export const relu = unary('Relu', 1, {gradient: gradientOfActivation('Relu'), quantize: ACTIVATION})
