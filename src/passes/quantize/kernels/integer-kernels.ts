import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {FASTER_IN_FLOAT, INTEGER_KERNELS} from '../../../ops/integer-kernels.js'
import type {QuantizeFact} from '../../../ops/op-spec.js'
import {clampRange} from './clamp-range.js'

/** Whether a node that was left in float must be kept from ONNX Runtime's fusions. */
export function isFasterInFloat({opType}: Node): boolean {
  return FASTER_IN_FLOAT.has(opType)
}

/** The value whose elements a value only moves or selects: ONNX Runtime carries quantizers across such nodes. */
export function sourceOf(value: Value): Value {
  let source = value
  for (
    let node = value.producer;
    node?.inputs[0] && INTEGER_KERNELS.passthrough.has(node.opType);
    node = source.producer
  ) {
    source = node.inputs[0]
  }
  return source
}

/** The reason why a node has no integer kernel in ONNX Runtime as it stands, or undefined when it has one. */
export function whyNotInteger(node: Node, fact: QuantizeFact): string | undefined {
  if (fact.as === 'compute') return whyNotCompute(node, fact)
  if (fact.as === 'activation') return node.opType === 'Clip' ? whyNotClip(node) : undefined
  if (fact.as === 'passthrough' && fact.onlyIf?.(node) === false) return 'it mixes values with these attributes'
  return INTEGER_KERNELS[fact.as].has(node.opType) ? undefined : 'the runtime has no faster integer kernel for it'
}

/** The reason why a node has an integer kernel for dynamic activations only. */
export function whyNotStatic({opType, inputs}: Node): string | undefined {
  const rank = inputs[1]?.constant?.shape.length ?? 0
  return opType === 'MatMul' && rank > 2
    ? 'its weight is a batch of matrices: on integers with --mode dynamic'
    : undefined
}

function whyNotCompute(node: Node, fact: Extract<QuantizeFact, {as: 'compute'}>): string | undefined {
  if (!INTEGER_KERNELS.compute.has(node.opType))
    return 'the runtime has no integer kernel for it: only its weight is stored as integers'
  const weight = node.inputs[fact.weight]?.constant
  if (!weight) {
    const turned = node.inputs[0]?.constant !== undefined
    return turned ? 'its constant stands on the left: only that is stored as integers' : 'its weight is not a constant'
  }
  if (weight.dtype !== 'float32') return `its weight is ${weight.dtype}, not float32`
  if (node.inputs[0]?.constant) return 'its data input is a constant'
  if (weight.shape.length < 2 || weight.shape.includes(0)) return 'its weight is not a matrix'
  const bias = fact.bias === undefined ? undefined : node.inputs[fact.bias]
  if (bias && bias.constant?.dtype !== 'float32') return 'its bias is not a float32 constant'
  if (node.opType === 'Gemm') return whyNotGemm(node)
  return undefined
}

/** The reason why a Gemm is more than `x · W + b`, one b per column. */
export function whyNotGemm(node: Node): string | undefined {
  if (node.int('transA', 0) !== 0) return 'its data input is transposed'
  if (node.float('alpha', 1) !== 1 || (node.inputs[2] && node.float('beta', 1) !== 1)) return 'alpha or beta is not 1'
  const [, weight, bias] = node.inputs
  const columns = weight?.constant?.shape[node.int('transB', 0) === 0 ? 1 : 0]
  const biasShape = bias?.constant?.shape
  if (biasShape && (biasShape.length !== 1 || biasShape[0] !== columns)) return 'its bias is not one value per column'
  return undefined
}

/** A quantizer replaces Clip only when its range, which always holds 0, lies inside the clip's. */
function whyNotClip(node: Node): string | undefined {
  const {min, max} = clampRange(node)
  if (Number.isNaN(min) || Number.isNaN(max)) return 'its bounds are not constants'
  return min <= 0 && max >= 0 ? undefined : 'its range does not hold 0'
}
