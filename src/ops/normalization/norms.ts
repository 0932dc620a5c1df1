import {unary} from '../elementwise/unary.js'
import {NO_TIES_YET} from '../slots.js'
import {meanVarianceGradient} from './normalization-gradients.js'

/** Normalizations without parameters: shape and type stay, but elements depend on their neighbours. */
const slots = {prune: NO_TIES_YET}

export const lrn = unary('LRN', 1, slots)
export const lpNormalization = unary('LpNormalization', 1, slots)
export const meanVarianceNormalization = unary('MeanVarianceNormalization', 9, {
  ...slots,
  gradient: meanVarianceGradient,
})
