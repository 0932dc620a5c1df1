import type {Node} from '../../ir/node.js'
import {layerNormalization, tieNormalized} from '../normalization/layer-normalization.js'
import type {AxisTie, Inferred} from '../op-spec.js'
import {operand} from '../operand.js'
import {FUSED_FORM} from '../slots.js'
import {inMicrosoftDomain} from './contrib.js'

/** SkipLayerNormalization: input + skip (+ bias), then LayerNormalization; also mean, 1/std and the sum itself. */
export const skipLayerNormalization = inMicrosoftDomain({
  ...layerNormalization,
  type: 'SkipLayerNormalization',
  infer: inferSkip,
  gradient: FUSED_FORM,
  parameters: {weights: [], biases: [2, 3, 4]},
  prune: tieSkip,
})

/** SkipSimplifiedLayerNormalization: the same without mean and offset. */
export const skipSimplifiedLayerNormalization = inMicrosoftDomain({
  ...skipLayerNormalization,
  type: 'SkipSimplifiedLayerNormalization',
  parameters: {weights: [], biases: [2, 3]},
})

function inferSkip(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const statistic = {dtype: 'float32' as const, shape: shape && [...shape.slice(0, -1), 1]}
  return [{dtype, shape}, statistic, statistic, {dtype, shape}]
}

function tieSkip(node: Node): AxisTie[] {
  const [x, skip, ...vectors] = node.inputs
  return tieNormalized(node, [x, skip, node.outputs[0], node.outputs[3]], vectors)
}
