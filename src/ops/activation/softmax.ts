import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {unary} from '../elementwise/unary.js'
import {elementwise} from '../elementwise/unary-gradients.js'
import type {OpSpec} from '../op-spec.js'
import {ELEMENTWISE, NO_GRADIENT, NO_INTEGER_KERNEL, OLD_FORM} from '../slots.js'
import {axesOf, tieBut} from '../ties.js'

/** y·(d − Σ d·y) along the axis. */
const softmaxGradient = elementwise((build, d, {y, node}) => {
  const along = build.sum(build.mul(d, y), [node.int('axis', -1)])
  return build.mul(build.sub(d, along), y)
})

/** d − softmax·Σ d along the axis. */
const logSoftmaxGradient = elementwise((build, d, {y, node}) => {
  const probabilities: Value = build.op('Exp', [y])
  return build.sub(d, build.mul(probabilities, build.sum(d, [node.int('axis', -1)])))
})

/** Softmax and its kin: over all axes from `axis` on before opset 13, over one axis since. ONNX Softmax-1, 11, 13. */
export const softmax = versions('Softmax', {gradient: softmaxGradient, quantize: ELEMENTWISE})
export const logSoftmax = versions('LogSoftmax', {gradient: logSoftmaxGradient, quantize: NO_INTEGER_KERNEL})
export const hardmax = versions('Hardmax', {gradient: NO_GRADIENT, quantize: NO_INTEGER_KERNEL})

function versions(type: string, slots: Pick<OpSpec, 'gradient' | 'quantize'>): readonly OpSpec[] {
  return [
    unary(type, 1, {...slots, gradient: OLD_FORM, prune: (node) => tieBut(node, axesFrom(node, 1))}),
    unary(type, 13, {...slots, prune: (node) => tieBut(node, axesFrom(node, -1).slice(0, 1))}),
  ]
}

/** The axis that the attribute names, and those behind it. */
function axesFrom(node: Node, fallback: number): number[] {
  const axes = axesOf(node.inputs[0])
  return axes.slice(axisFromStart(node.int('axis', fallback), axes.length))
}
