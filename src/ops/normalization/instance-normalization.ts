import {type OpSpec, refuse} from '../op-spec.js'
import {KEPT_FLOAT, noMacs, sameAsFirst} from '../slots.js'
import {tieChannelVectors} from './channel-scales.js'
import {groupNormalizationGradient, instanceNormalizationGradient} from './normalization-gradients.js'

/** InstanceNormalization: each channel of each sample by its own mean and variance. ONNX InstanceNormalization-1, 6, 22. */
export const instanceNormalization: OpSpec = {
  type: 'InstanceNormalization',
  sinceOpset: 1,
  infer: sameAsFirst,
  parameters: {weights: [], biases: [1, 2]},
  gradient: instanceNormalizationGradient,
  quantize: KEPT_FLOAT,
  prune: tieChannelVectors,
  macs: noMacs,
}

/** GroupNormalization: channels in groups. ONNX GroupNormalization-18, 21. */
export const groupNormalization: OpSpec = {
  ...instanceNormalization,
  type: 'GroupNormalization',
  sinceOpset: 18,
  gradient: groupNormalizationGradient,
  prune: refuse('its channels are normalized in groups: taking one away changes the others'),
}
