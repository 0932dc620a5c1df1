import type {Node} from '../../ir/node.js'
import {broadcast} from '../broadcast.js'
import {type Inferred, NO_PARAMETERS, type OpSpec, type QuantizeFact, type Refusal} from '../op-spec.js'
import {operandOf} from '../operand.js'
import {KEPT_FLOAT, NO_GRADIENT_YET, NO_INTEGER_KERNEL, noMacs} from '../slots.js'
import {tieBroadcast} from '../ties.js'

/** Min, Max, Sum and Mean of any number of tensors, broadcast since opset 8, equal shapes before. ONNX Sum-8. */
export const min = variadic('Min', NO_INTEGER_KERNEL)
export const max = variadic('Max', NO_INTEGER_KERNEL)
export const sum = variadic('Sum', KEPT_FLOAT)
export const mean = variadic('Mean', NO_INTEGER_KERNEL)

function variadic(type: string, quantize: QuantizeFact | Refusal): OpSpec {
  return {
    type,
    sinceOpset: 1,
    infer: inferVariadic,
    parameters: NO_PARAMETERS,
    gradient: NO_GRADIENT_YET,
    quantize,
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
