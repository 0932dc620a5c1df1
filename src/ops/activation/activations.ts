import {unary} from '../elementwise/unary.js'
import type {OpSpec} from '../op-spec.js'
import {KEPT_FLOAT} from '../slots.js'
import {gradientOfActivation} from './activation-gradients.js'

/** Activation functions without an integer kernel: each element by itself, shape and type stay. */
const TYPES: readonly (readonly [type: string, sinceOpset: number])[] = [
  ['Celu', 12],
  ['Elu', 1],
  ['HardSwish', 14],
  ['Mish', 18],
  ['Selu', 1],
  ['Shrink', 9],
  ['Softplus', 1],
  ['Softsign', 1],
  ['Swish', 24],
  ['Tanh', 1],
  ['ThresholdedRelu', 10],
]

export const activations: readonly OpSpec[] = TYPES.map(([type, since]) =>
  unary(type, since, {gradient: gradientOfActivation(type)}),
)
export const gelu = unary('Gelu', 20, {gradient: gradientOfActivation('Gelu'), quantize: KEPT_FLOAT})
/** The quantizer writes it as an integer Add. */
export const hardSigmoid = unary('HardSigmoid', 1, {
  gradient: gradientOfActivation('HardSigmoid'),
  quantize: {as: 'elementwise'},
})
