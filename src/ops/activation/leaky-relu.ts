import {unary} from '../elementwise/unary.js'
import {ELEMENTWISE} from '../slots.js'
import {gradientOfActivation} from './activation-gradients.js'

/** LeakyRelu: x, or alpha·x below 0. ONNX LeakyRelu-1, 6, 16. */
export const leakyRelu = unary('LeakyRelu', 1, {gradient: gradientOfActivation('LeakyRelu'), quantize: ELEMENTWISE})
