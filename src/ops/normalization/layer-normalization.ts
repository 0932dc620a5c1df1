import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {normalizeAxis} from '../axis.js'
import type {AxisTie, Inferred, OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {KEPT_FLOAT, noMacs} from '../slots.js'
import {axesOf, tieAxes} from '../ties.js'
import {layerNormalizationGradient, rmsNormalizationGradient} from './normalization-gradients.js'

/**
 * LayerNormalization: zero mean and unit variance over the axes from `axis` on, then scale and B; also mean and 1/std.
 * ONNX LayerNormalization-17; ONNX Runtime takes it in every earlier opset too, and exporters write it so.
 */
export const layerNormalization: OpSpec = {
  type: 'LayerNormalization',
  sinceOpset: 1,
  infer: inferLayerNormalization,
  parameters: {weights: [], biases: [1, 2]},
  gradient: layerNormalizationGradient,
  quantize: KEPT_FLOAT,
  prune: (node) => tieNormalized(node, [node.inputs[0], node.outputs[0]], node.inputs.slice(1)),
  macs: noMacs,
}

/** RMSNormalization: the same without the mean. ONNX RMSNormalization-23. */
export const rmsNormalization: OpSpec = {
  ...layerNormalization,
  type: 'RMSNormalization',
  sinceOpset: 23,
  infer: (node) => [operand(node, 0)],
  gradient: rmsNormalizationGradient,
  parameters: {weights: [], biases: [1]},
}

function inferLayerNormalization(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const axis = shape && normalizeAxis(node, node.int('axis', -1), shape.length)
  const statistic = {dtype: 'float32' as const, shape: shape?.map((size, index) => (index < (axis ?? 0) ? size : 1))}
  return [{dtype, shape}, statistic, statistic]
}

/** Mean and variance are taken over these indices, whichever stay. */
const OVER_FEWER = 'its mean and variance are taken over the indices that stay'

/**
 * Axes in front of the normalized ones run through; the normalized ones are those of the parameters too.
 *
 * @param values of the shape of input 0.
 * @param vectors scale and offset, over the normalized axes alone.
 */
export function tieNormalized(
  node: Node,
  values: readonly (Value | undefined)[],
  vectors: readonly (Value | undefined)[],
): AxisTie[] {
  const axes = axesOf(node.inputs[0])
  const first = axisFromStart(node.int('axis', -1), axes.length)
  return axes.flatMap((axis) => {
    const along = values.map((value) => [value, axis] as const)
    if (axis < first) return tieAxes(along)
    return tieAxes([...along, ...vectors.map((value) => [value, axis - first] as const)], {inexact: OVER_FEWER})
  })
}
