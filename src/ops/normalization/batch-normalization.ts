import {ShapeError} from '../../errors.js'
import {conflict} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {type Inferred, type OpSpec, refuse} from '../op-spec.js'
import {operand} from '../operand.js'
import {noMacs} from '../slots.js'
import {tieChannelVectors} from './channel-scales.js'
import {batchNormalizationGradient} from './normalization-gradients.js'

/** BatchNormalization: y = (x − mean) / √(var + ε) · scale + B per channel; in training also statistics. ONNX BatchNormalization-1, 7, 9, 14, 15. */
export const batchNormalization: OpSpec = {
  type: 'BatchNormalization',
  sinceOpset: 1,
  infer: inferBatchNormalization,
  parameters: {weights: [], biases: [1, 2]},
  gradient: batchNormalizationGradient,
  quantize: refuse('it has no integer kernel: it is folded into the layer before it where that can be done'),
  prune: tieChannelVectors,
  macs: noMacs,
}

function inferBatchNormalization(node: Node): readonly Inferred[] {
  const [x, scale] = [operand(node, 0), operand(node, 1)]
  const channels = x.shape?.length === 1 ? 1 : x.shape?.[1]
  const [length] = scale.shape ?? []
  if (conflict(channels, length))
    throw new ShapeError(node, {expected: `scale to have ${channels} elements`, got: `${length}`})
  const statistic = {dtype: operand(node, 3).dtype ?? x.dtype, shape: [channels ?? length]}
  return [x, statistic, statistic, statistic, statistic]
}
