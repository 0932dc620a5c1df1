import {unary} from '../elementwise/unary.js'
import {cumSumGradient} from '../movement/move-gradients.js'
import {NO_TIES_YET} from '../slots.js'

/** CumSum: running sums along one axis. ONNX CumSum-11, 14. */
export const cumSum = unary('CumSum', 11, {gradient: cumSumGradient, prune: NO_TIES_YET})

/** CumProd: running products along one axis. ONNX CumProd-26. */
export const cumProd = unary('CumProd', 26, {prune: NO_TIES_YET})
