import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import {type Inferred, type OpSpec, refuse} from '../op-spec.js'
import {operand} from '../operand.js'
import {KEPT_FLOAT, noMacs} from '../slots.js'
import {layerNormalizationGradient, rmsNormalizationGradient} from './normalization-gradients.js'

const NORMALIZED_TOGETHER = refuse('the channels are normalized together: taking one away changes the others')

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
  prune: NORMALIZED_TOGETHER,
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
