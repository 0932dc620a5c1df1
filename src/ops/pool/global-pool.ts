import type {Node} from '../../ir/node.js'
import {type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {ELEMENTWISE, NO_GRADIENT_YET, NO_INTEGER_KERNEL, noMacs} from '../slots.js'
import {tieBatchAndChannels} from './pool.js'
import {globalAveragePoolGradient, globalMaxPoolGradient} from './pool-gradients.js'

/** One value per channel: [N, C, 1, …]. ONNX GlobalAveragePool-1, GlobalMaxPool-1, GlobalLpPool-1. */
export const globalAveragePool: OpSpec = {
  type: 'GlobalAveragePool',
  sinceOpset: 1,
  infer: inferGlobalPool,
  parameters: NO_PARAMETERS,
  gradient: globalAveragePoolGradient,
  quantize: ELEMENTWISE,
  prune: tieBatchAndChannels,
  macs: noMacs,
}
export const globalMaxPool: OpSpec = {
  ...globalAveragePool,
  type: 'GlobalMaxPool',
  gradient: globalMaxPoolGradient,
  quantize: NO_INTEGER_KERNEL,
}
export const globalLpPool: OpSpec = {...globalMaxPool, type: 'GlobalLpPool', gradient: NO_GRADIENT_YET}

function inferGlobalPool(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  return [{dtype, shape: shape?.map((size, axis) => (axis < 2 ? size : 1))}]
}
