import {NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {noMacs, PASSTHROUGH} from '../slots.js'
import {pooledShape, tieBatchAndChannels} from './pool.js'
import {maxPoolGradient} from './pool-gradients.js'

/** MaxPool: the largest element under a sliding window, and its index. ONNX MaxPool-1, 8, 10, 12. */
export const maxPool: OpSpec = {
  type: 'MaxPool',
  sinceOpset: 1,
  infer(node) {
    const {dtype, shape} = operand(node, 0)
    const pooled = pooledShape(node, shape)
    return [
      {dtype, shape: pooled},
      {dtype: 'int64', shape: pooled},
    ]
  },
  parameters: NO_PARAMETERS,
  gradient: maxPoolGradient,
  quantize: PASSTHROUGH,
  prune: tieBatchAndChannels,
  macs: noMacs,
}
