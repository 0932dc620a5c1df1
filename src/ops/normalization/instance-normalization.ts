import type {Node} from '../../ir/node.js'
import type {AxisTie, OpSpec} from '../op-spec.js'
import {KEPT_FLOAT, noMacs, sameAsFirst} from '../slots.js'
import {axesOf, sizeOf, tieRuns} from '../ties.js'
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
  prune: tieNormGroups,
}

/** Whole groups of channels: the others keep their mean. Scale and offset are per group before opset 21, per channel since. */
function tieNormGroups(node: Node): AxisTie[] {
  const [x, ...vectors] = node.inputs
  const groups = node.int('num_groups', 1)
  const runs = [x, node.outputs[0]].map((value) => ({value, axis: 1, each: (sizeOf(value, 1) ?? 0) / groups}))
  const scales = vectors.map((value) => ({value, axis: 0, each: (sizeOf(value, 0) ?? 0) / groups}))
  return axesOf(x).length > 1 ? tieRuns(groups, [...runs, ...scales]) : []
}
