import {axisFromStart} from '../../ir/axis-from-start.js'
import {unary} from '../elementwise/unary.js'
import {axesOf, tieBut} from '../ties.js'
import {meanVarianceGradient} from './normalization-gradients.js'

/** Normalizations without parameters: shape and type stay, but elements depend on their neighbours along some axes, which stay whole. */
export const lrn = unary('LRN', 1, {prune: (node) => tieBut(node, [1])})
export const lpNormalization = unary('LpNormalization', 1, {
  prune: (node) => tieBut(node, [axisFromStart(node.int('axis', -1), axesOf(node.inputs[0]).length)]),
})
export const meanVarianceNormalization = unary('MeanVarianceNormalization', 9, {
  gradient: meanVarianceGradient,
  prune: (node) => {
    const axes = node.ints('axes', [0, 2, 3])
    return tieBut(
      node,
      axes.map((axis) => axisFromStart(axis, axesOf(node.inputs[0]).length)),
    )
  },
})
