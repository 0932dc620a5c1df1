import type {Node} from '../../ir/node.js'
import {broadcast} from '../broadcast.js'
import {type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operandOf} from '../operand.js'
import {NO_GRADIENT_YET, NO_INTEGER_KERNEL, noMacs} from '../slots.js'
import {tieBroadcast} from '../ties.js'

/** Min, Max, Sum and Mean of any number of tensors, broadcast since opset 8, equal shapes before. ONNX Sum-8. */
export const min = variadic('Min')
export const max = variadic('Max')
export const sum = variadic('Sum')
export const mean = variadic('Mean')

function variadic(type: string): OpSpec {
  return {
    type,
    sinceOpset: 1,
    infer: inferVariadic,
    parameters: NO_PARAMETERS,
    gradient: NO_GRADIENT_YET,
    quantize: NO_INTEGER_KERNEL,
    prune: tieBroadcast,
    macs: noMacs,
  }
}

function inferVariadic(node: Node): readonly Inferred[] {
  const operands = node.inputs.map(operandOf)
  const dtype = operands.find((input) => input.dtype)?.dtype
  const shape = broadcast(
    node,
    operands.map((input) => input.shape),
  )
  return [{dtype, shape}]
}
