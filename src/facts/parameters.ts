import type {DType, TypedArray} from '../ir/dtype.js'
import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import {elementCount, readNumbers, sizeBytes} from '../ir/tensor.js'
import type {Value} from '../ir/value.js'

/** What a model has learned: weights, biases and tables, without the constants that only steer operators. */
export interface ParameterCount {
  readonly count: number
  readonly bytes: number
  /** Elements that stand for the number 0; null when they were not asked for, or cannot be told. */
  readonly zeros: number | null
  readonly byDtype: Readonly<Record<string, number>>
}

/** Constants of these types hold shapes, indices and switches. */
const NOT_LEARNED: ReadonlySet<DType> = new Set(['int64', 'uint64', 'bool', 'string'])

/** Input slots that hold scales, zero points, limits and running statistics. A file may name an operator `toString`: no plain lookups. */
const STEERING_SLOTS = slotsByOperator<readonly number[]>({
  QuantizeLinear: [1, 2],
  DequantizeLinear: [1, 2],
  QLinearConv: [1, 2, 4, 5, 6, 7],
  QLinearMatMul: [1, 2, 4, 5, 6, 7],
  QGemm: [1, 2, 4, 5, 7, 8],
  QLinearAdd: [1, 2, 4, 5, 6, 7],
  QLinearMul: [1, 2, 4, 5, 6, 7],
  MatMulInteger: [2, 3],
  ConvInteger: [2, 3],
  DynamicQuantizeMatMul: [2, 3],
  MatMulIntegerToFloat: [2, 3, 4, 5],
  DynamicQuantizeLSTM: [4, 8, 9, 10, 11],
  MatMulNBits: [2, 3, 4],
  BatchNormalization: [3, 4],
  Clip: [1, 2],
  Resize: [1, 2, 3],
})

/** Operators that take an int32 bias. */
const INTEGER_BIAS: ReadonlySet<string> = new Set(['DequantizeLinear', 'QLinearConv', 'QGemm'])

/** Whether a constant is learned: some use of it reads it as data. Scalars are not: exponents, epsilons, mask values. */
export function isParameter(value: Value): boolean {
  const {dtype, shape} = value.constant ?? {}
  if (!dtype || NOT_LEARNED.has(dtype) || shape?.length === 0) return false
  const reads = [...value.uses].flatMap((use) => ('node' in use ? [use] : []))
  if (dtype === 'int32') return reads.some(({node}) => INTEGER_BIAS.has(node.opType))
  return reads.length === 0 || reads.some(({node, index}) => !steers(node, index))
}

function steers(node: Node, index: number): boolean {
  if (STEERING_SLOTS.get(node.opType)?.includes(index)) return true
  return node.opType === 'Mul' && isScaleOf(node.inputs[1 - index])
}

/** `Mul` by a scale: the other factor is an integer weight cast to float, or the scale of a dynamically quantized input. */
function isScaleOf(other: Value | undefined): boolean {
  const producer = other?.producer
  if (producer?.opType === 'DynamicQuantizeLinear') return true
  return producer?.opType === 'Cast' && isSmallInteger(producer.inputs[0]?.constant?.dtype)
}

export function isSmallInteger(dtype: DType | undefined): dtype is DType {
  return dtype !== undefined && /^u?int[248]$/.test(dtype)
}

/** Every parameter of a graph and its subgraphs, each once however often it is used. */
export function parametersOf(graph: Graph): Value[] {
  const inner = graph.nodes().flatMap((node) => node.subgraphs.flatMap(parametersOf))
  return [...graph.constants().filter(isParameter), ...inner]
}

/** @param options `zeros: false` leaves the tensors unread, which matters for big models. */
export function countParameters(parameters: readonly Value[], options: {zeros: boolean}): ParameterCount {
  const byDtype: Record<string, number> = {}
  let [count, bytes]: [number, number] = [0, 0]
  let zeros: number | null = options.zeros ? 0 : null
  for (const value of parameters) {
    const tensor = value.constant
    if (!tensor) continue
    const elements = elementCount(tensor.shape)
    byDtype[tensor.dtype] = (byDtype[tensor.dtype] ?? 0) + elements
    count += elements
    bytes += sizeBytes(tensor)
    const own = zeros === null ? undefined : countZeros(value)
    zeros = zeros === null || own === undefined ? null : zeros + own
  }
  return {count, bytes, zeros, byDtype}
}

/** Packed or exotic types: their zeros are not told. */
const UNTOLD: ReadonlySet<DType> = new Set(['uint4', 'int4', 'uint2', 'int2', 'float4e2m1', 'complex64', 'complex128'])

/** Bits that decide whether a float kept as bits is zero: all but the sign. */
const MAGNITUDE_BITS: Partial<Record<DType, number>> = {
  float16: 0x7fff,
  bfloat16: 0x7fff,
  float8e4m3fn: 0x7f,
  float8e5m2: 0x7f,
}

function countZeros(value: Value): number | undefined {
  const tensor = value.constant
  const isPacked = value.consumers.some((node) => node.opType === 'MatMulNBits')
  if (!tensor || UNTOLD.has(tensor.dtype) || isPacked) return undefined
  const data = tensor.read() as TypedArray
  const mask = MAGNITUDE_BITS[tensor.dtype]
  if (mask !== undefined) return count(data, (element) => (Number(element) & mask) === 0)
  const zero = zeroPointOf(value)
  return zero === undefined ? undefined : count(data, (element) => element === zero)
}

function count(data: TypedArray, matches: (element: number | bigint) => boolean): number {
  let found = 0
  for (let index = 0; index < data.length; index++) if (matches(data[index] as number | bigint)) found++
  return found
}

/** Slot of the zero point that belongs to the weight in a slot, by operator. */
const ZERO_POINT_SLOT = slotsByOperator<Readonly<Record<number, number>>>({
  DequantizeLinear: {0: 2},
  QLinearConv: {3: 5},
  QLinearMatMul: {3: 5},
  QGemm: {3: 5},
  MatMulInteger: {1: 3},
  ConvInteger: {1: 3},
  DynamicQuantizeMatMul: {1: 3},
})

/** The stored integer that means 0; undefined when it differs between channels. */
function zeroPointOf(value: Value): number | undefined {
  for (const use of value.uses) {
    if (!('node' in use)) continue
    const slot = ZERO_POINT_SLOT.get(use.node.opType)?.[use.index]
    const tensor = slot === undefined ? undefined : use.node.inputs[slot]?.constant
    if (!tensor || UNTOLD.has(tensor.dtype)) continue
    const points = new Set(readNumbers(tensor))
    return points.size > 1 ? undefined : ([...points][0] ?? 0)
  }
  return 0
}

function slotsByOperator<T>(slots: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(slots))
}
