import {unary} from '../elementwise/unary.js'
import {ACTIVATION, OLD_FORM} from '../slots.js'
import {gradientOfActivation} from './activation-gradients.js'

/** Clip: limits as attributes before opset 11, as inputs since. ONNX Clip-1, 6, 11, 12, 13. */
export const clip6 = unary('Clip', 1, {gradient: OLD_FORM, quantize: ACTIVATION})
export const clip = unary('Clip', 11, {gradient: gradientOfActivation('Clip'), quantize: ACTIVATION})
