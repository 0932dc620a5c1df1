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

/** How layers compute, or keep their weights, in integers. */
export interface IntegerForm {
  readonly form: 'static QDQ' | 'static QOperator' | 'dynamic' | 'weights-only'
  /** The integers of the weights. */
  readonly dtype: string
}

/** Which number types the layers of a model compute in. */
export interface QuantizationState {
  /** Each form that some layer has, in the order of the graph; none in a float model. */
  readonly forms: readonly (IntegerForm & {readonly layers: number})[]
  /** The float type most parameters have, `float32` where none is a float. */
  readonly floatType: string
}

/** Looks at every layer with weights, those of subgraphs included. */
export function quantizationState(graph: Graph, parameters: ParameterCount): QuantizationState {
  const unpacking = unpackingNodes(graph)
  const forms = new Map<string, IntegerForm & {layers: number}>()
  for (const node of graph.allNodes()) {
    const found = unpacking.has(node) ? undefined : formOf(node, unpacking)
    if (!found) continue
    const key = `${found.form} ${found.dtype}`
    forms.set(key, {...found, layers: (forms.get(key)?.layers ?? 0) + 1})
  }
  return {forms: [...forms.values()], floatType: floatType(parameters)}
}

/** Whether some layer computes, or keeps its weights, in integers. */
export function isQuantized({forms}: QuantizationState): boolean {
  return forms.length > 0
}

/** For people: `float32`, `static QDQ int8 (5 layers)`, `dynamic int8 (19 layers), weights-only int8 (1 layer)`. */
export function quantizationText({forms, floatType}: QuantizationState): string {
  if (forms.length === 0) return floatType
  const texts = forms.map(
    ({form, dtype, layers}) => `${form} ${dtype} (${layers} ${layers === 1 ? 'layer' : 'layers'})`,
  )
  return texts.join(', ')
}

function formOf(node: Node, unpacking: ReadonlySet<Node>): IntegerForm | undefined {
  if (QOPERATOR.has(node.opType)) return {form: 'static QOperator', dtype: 'int8'}
  if (DYNAMIC.has(node.opType)) return {form: 'dynamic', dtype: 'int8'}
  if (node.opType === 'MatMulNBits') return {form: 'weights-only', dtype: `int${node.int('bits', 4)}`}
  if (!COMPUTE.has(node.opType)) return undefined
  const dtype = node.inputs.map((value) => storedWeight(value, unpacking)).find((found) => found !== undefined)
  if (!dtype) return keptTable(node)
  return {form: node.inputs.some(isDequantizedActivation) ? 'static QDQ' : 'weights-only', dtype}
}

/** An embedding kept as integers: the rows are read first, then dequantized. */
function keptTable(node: Node): IntegerForm | undefined {
  const dtype = node.inputs[0]?.constant?.dtype
  const readers = node.outputs[0]?.consumers ?? []
  const isKept = isSmallInteger(dtype) && readers.some((reader) => reader.opType === 'DequantizeLinear')
  return isKept ? {form: 'weights-only', dtype} : undefined
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

function floatType({byDtype}: ParameterCount): string {
  const floats = Object.entries(byDtype).filter(([dtype]) => /^b?float/.test(dtype))
  const [most] = floats.sort(([, a], [, b]) => b - a)
  return most?.[0] ?? 'float32'
}
