import {layerNormalization} from '../normalization/layer-normalization.js'
import {rmsNormalizationGradient} from '../normalization/normalization-gradients.js'
import type {OpSpec} from '../op-spec.js'

/** SimplifiedLayerNormalization: RMSNormalization before ONNX had it; ONNX Runtime keeps it in the standard domain. */
export const simplifiedLayerNormalization: OpSpec = {
  ...layerNormalization,
  type: 'SimplifiedLayerNormalization',
  infer: (node, ctx) => layerNormalization.infer(node, ctx).filter((_, index) => index !== 1),
  gradient: rmsNormalizationGradient,
  parameters: {weights: [], biases: [1]},
}
