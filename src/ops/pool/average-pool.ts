import {NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {ELEMENTWISE, NO_GRADIENT_YET, NO_INTEGER_KERNEL, noMacs} from '../slots.js'
import {pooledShape, tieBatchAndChannels} from './pool.js'
import {averagePoolGradient} from './pool-gradients.js'

/** AveragePool: the mean under a sliding window. ONNX AveragePool-1, 7, 10, 11, 19, 22. */
export const averagePool: OpSpec = {
  type: 'AveragePool',
  sinceOpset: 1,
  infer(node) {
    const {dtype, shape} = operand(node, 0)
    return [{dtype, shape: pooledShape(node, shape)}]
  },
  parameters: NO_PARAMETERS,
  gradient: averagePoolGradient,
  quantize: ELEMENTWISE,
  prune: tieBatchAndChannels,
  macs: noMacs,
}

/** LpPool: the p-norm under a sliding window. ONNX LpPool-2, 11, 18, 22. */
export const lpPool: OpSpec = {
  ...averagePool,
  type: 'LpPool',
  sinceOpset: 2,
  gradient: NO_GRADIENT_YET,
  quantize: NO_INTEGER_KERNEL,
}
