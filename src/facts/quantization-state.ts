import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'
import {isSmallInteger, type ParameterCount} from './parameters.js'
import {unpackingNodes} from './unpacking-nodes.js'

const COMPUTE: ReadonlySet<string> = new Set([
  'Conv',
  'ConvTranspose',
  'Gemm',
  'MatMul',
  'LSTM',
  'GRU',
  'RNN',
  'Gather',
])
const QOPERATOR: ReadonlySet<string> = new Set(['QLinearConv', 'QLinearMatMul', 'QGemm'])
const DYNAMIC: ReadonlySet<string> = new Set([
  'MatMulInteger',
  'ConvInteger',
  'DynamicQuantizeMatMul',
  'MatMulIntegerToFloat',
  'DynamicQuantizeLSTM',
])

/**
 * Which number types the layers compute in, for people: `float32`, `static QDQ int8 (5 layers)`,
 * `dynamic int8 (19 layers), weights-only int8 (1 layer)`.
 */
export function quantizationState(graph: Graph, parameters: ParameterCount): string {
  const unpacking = unpackingNodes(graph)
  const counts = new Map<string, number>()
  for (const node of graph.allNodes()) {
    const form = unpacking.has(node) ? undefined : formOf(node, unpacking)
    if (form) counts.set(form, (counts.get(form) ?? 0) + 1)
  }
  if (counts.size === 0) return floatType(parameters)
  return [...counts].map(([form, layers]) => `${form} (${layers} ${layers === 1 ? 'layer' : 'layers'})`).join(', ')
}

/** Whether some layer computes, or keeps its weights, in integers. */
export function isQuantizedState(state: string): boolean {
  return / int[248]| uint[248]/.test(` ${state}`)
}

function formOf(node: Node, unpacking: ReadonlySet<Node>): string | undefined {
  if (QOPERATOR.has(node.opType)) return 'static QOperator int8'
  if (DYNAMIC.has(node.opType)) return 'dynamic int8'
  if (node.opType === 'MatMulNBits') return `weights-only int${node.int('bits', 4)}`
  if (!COMPUTE.has(node.opType)) return undefined
  const weight = node.inputs.map((value) => storedWeight(value, unpacking)).find((dtype) => dtype !== undefined)
  if (!weight) return keptTable(node)
  return node.inputs.some(isDequantizedActivation) ? `static QDQ ${weight}` : `weights-only ${weight}`
}

/** An embedding kept as integers: the rows are read first, then dequantized. */
function keptTable(node: Node): string | undefined {
  const dtype = node.inputs[0]?.constant?.dtype
  const readers = node.outputs[0]?.consumers ?? []
  const isKept = isSmallInteger(dtype) && readers.some((reader) => reader.opType === 'DequantizeLinear')
  return isKept ? `weights-only ${dtype}` : undefined
}

/** The integer type a weight is stored in, when it is unpacked to float on its way to the layer. */
function storedWeight(value: Value | undefined, unpacking: ReadonlySet<Node>): string | undefined {
  const producer = value?.producer
  if (!producer || !unpacking.has(producer)) return undefined
  for (const input of producer.inputs) {
    const dtype = input?.constant?.dtype
    if (isSmallInteger(dtype) && ['Cast', 'DequantizeLinear'].includes(producer.opType)) return dtype
  }
  return producer.inputs.map((input) => storedWeight(input, unpacking)).find((dtype) => dtype !== undefined)
}

function isDequantizedActivation(value: Value | undefined): boolean {
  return value?.producer?.opType === 'DequantizeLinear' && !value.producer.inputs[0]?.constant
}

/** The float type most parameters have. */
function floatType({byDtype}: ParameterCount): string {
  const floats = Object.entries(byDtype).filter(([dtype]) => /^b?float/.test(dtype))
  const [most] = floats.sort(([, a], [, b]) => b - a)
  return most?.[0] ?? 'float32'
}
