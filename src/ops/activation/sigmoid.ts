import {unary} from '../elementwise/unary.js'
import {ELEMENTWISE} from '../slots.js'
import {gradientOfActivation} from './activation-gradients.js'

/** Sigmoid: 1 / (1 + exp(-x)). ONNX Sigmoid-1, 6, 13. */
export const sigmoid = unary('Sigmoid', 1, {gradient: gradientOfActivation('Sigmoid'), quantize: ELEMENTWISE})
