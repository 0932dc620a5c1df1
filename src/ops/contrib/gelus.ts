import {gradientOfActivation, gradientOfBiasedGelu} from '../activation/activation-gradients.js'
import {unary} from '../elementwise/unary.js'
import {KEPT_FLOAT} from '../slots.js'
import {tieBroadcast} from '../ties.js'
import {inMicrosoftDomain} from './contrib.js'

/** Gelu and its approximations, with or without a bias in front: type and shape of the input. */
export const microsoftGelu = inMicrosoftDomain(
  unary('Gelu', 1, {gradient: gradientOfActivation('Gelu'), quantize: KEPT_FLOAT}),
)
export const quickGelu = inMicrosoftDomain(
  unary('QuickGelu', 1, {gradient: gradientOfActivation('QuickGelu'), quantize: KEPT_FLOAT}),
)
export const fastGelu = inMicrosoftDomain(
  unary('FastGelu', 1, {
    gradient: gradientOfBiasedGelu('tanh'),
    quantize: KEPT_FLOAT,
    parameters: {weights: [], biases: [1]},
    prune: tieBroadcast,
  }),
)
export const biasGelu = inMicrosoftDomain(
  unary('BiasGelu', 1, {
    gradient: gradientOfBiasedGelu('none'),
    quantize: KEPT_FLOAT,
    parameters: {weights: [], biases: [1]},
    prune: tieBroadcast,
  }),
)
