import {BITS, DTYPE_BY_CODE, type DType, isFloat} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {elementCount} from '../../ir/tensor.js'
import {dtypeOf} from '../../ops/operand.js'
import {isRandom} from './patterns/random-ops.js'
import {sizeOfType} from './patterns/size-of-type.js'

/** Types whose data crosses into the runtime and back. */
const EXCHANGED: ReadonlySet<DType> = new Set<DType>([
  ...(['float32', 'float64', 'float16', 'bool', 'string'] as const),
  ...(['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const),
])
/** The storage forms of quantized weights: what they save would be lost. */
const QUANTIZERS: ReadonlySet<string> = new Set(['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear'])
/** More than this many small integers cast to float are a stored weight, not a number. */
const SMALLEST_STORED_WEIGHT = 16
/** Larger intermediate results are not computed. */
const MAX_RESULT_BYTES = 256 * 2 ** 20

/**
 * Why a node that only constants feed is not computed in advance; '' when that goes without saying; undefined when it can be.
 */
export function whyNotFold(node: Node): string | undefined {
  if (node.domain !== '') return `the domain ${node.domain} is not known`
  if (node.opType === 'Constant') return ''
  if (isRandom(node)) return 'it is random'
  if (QUANTIZERS.has(node.opType) || isStoredWeight(node)) return 'it is the storage form of a quantized weight'
  if (node.subgraphs.length > 0) return 'it holds a graph'
  if (node.outputs.some((value) => value?.isOutput)) return 'it names a graph output'
  const values = [...node.inputs, ...node.outputs].filter((value) => value !== undefined)
  const foreign = values.find((value) => value.type?.kind !== 'tensor' || !isExchanged(dtypeOf(value)))
  if (foreign) return `the type of '${foreign.name}' is not known or not computed here`
  const large = node.outputs.some((value) => (sizeOfType(value?.type) ?? 0) > MAX_RESULT_BYTES)
  return large ? `its result takes more than ${MAX_RESULT_BYTES} bytes` : undefined
}

function isExchanged(dtype: DType | undefined): boolean {
  return dtype !== undefined && EXCHANGED.has(dtype)
}

/** The first node of `Cast → Mul(scale)`, as `quantize` writes weights. */
function isStoredWeight(node: Node): boolean {
  const tensor = node.inputs[0]?.constant
  const target = DTYPE_BY_CODE[node.int('to', 0)]
  if (node.opType !== 'Cast' || !tensor || !target || !isFloat(target)) return false
  return tensor.dtype !== 'bool' && BITS[tensor.dtype] <= 8 && elementCount(tensor.shape) > SMALLEST_STORED_WEIGHT
}
