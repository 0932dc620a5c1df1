import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {derivedTensor, readFloat32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'

/** Names of the outputs that measure one tensor, or the sums of one node. */
export interface OverflowOutputs {
  /** Of the tensor, or of the node's first result. */
  readonly value: string
  readonly kind: 'value' | 'sum'
  /** The largest magnitude that is finite. */
  readonly largest: string
  /** The largest one below `NEAR`: what lies beyond may be a mask, which is as large as can be on purpose. */
  readonly near: string
}

/** The largest finite float16. */
export const LARGEST = 65504
/** Masks lie above, and a score added to them. */
const NEAR = 60000
const FINITE = 3.4e38
/** Opset from which reductions other than ReduceSum take their axes as an input. */
const AXES_AS_INPUT = 18
/** TensorProto.FLOAT */
const FLOAT = 1

/**
 * Adds outputs to a float32 graph that say how large its tensors get, and the sums inside its nodes: Σ |x|·|w| of products, which no
 * order of additions passes. Constants are cut off as float16 cuts them. Changes the graph.
 */
export function addOverflowOutputs(graph: Graph, opset: number): OverflowOutputs[] {
  const nodes = graph.nodes()
  const tensors = [...graph.inputs, ...nodes.flatMap(({outputs}) => outputs)].filter(isFloat)
  for (const value of graph.constants()) clamp(graph, value)
  const build = new GraphBuilder(graph)
  const measured = tensors.map((value) => ({...measure(build, value), value: value.name, kind: 'value' as const}))
  const sums = nodes.flatMap((node) => {
    const sum = sumOf(build, node, opset)
    return sum ? [{...measure(build, sum), value: node.outputs[0]?.name ?? '', kind: 'sum' as const}] : []
  })
  return [...measured, ...sums]
}

function isFloat(value: Value | undefined): value is Value {
  return value?.type?.kind === 'tensor' && value.type.dtype === 'float32'
}

function clamp(graph: Graph, value: Value): void {
  const {constant} = value
  if (constant?.dtype !== 'float32') return
  const cut = (number: number) => (Number.isFinite(number) ? Math.max(-LARGEST, Math.min(LARGEST, number)) : number)
  if (!readFloat32(constant).some((number) => cut(number) !== number)) return
  graph.setConstant(
    value,
    derivedTensor('float32', constant.shape, () => readFloat32(constant).map(cut)),
  )
}

function measure(build: GraphBuilder, value: Value): {largest: string; near: string} {
  const magnitude = build.op('Abs', [value])
  const below = (limit: number) => {
    const inside = build.op('Where', [build.op('Less', [magnitude, build.scalar(limit)]), magnitude, build.scalar(0)])
    return build.output(build.op('ReduceMax', [inside], {keepdims: 0})).name
  }
  return {largest: below(FINITE), near: below(NEAR)}
}

/** What the sums inside a node come to at most; undefined for one that adds nothing up. */
function sumOf(build: GraphBuilder, node: Node, opset: number): Value | undefined {
  const [x] = node.inputs
  if (node.domain !== '' || !isFloat(x) || !isFloat(node.outputs[0])) return undefined
  if (['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'ReduceSum'].includes(node.opType)) return ofMagnitudes(build, node)
  if (['ReduceMean', 'GlobalAveragePool'].includes(node.opType)) {
    const size = (value: Value) => build.op('Cast', [build.op('Size', [value])], {to: FLOAT})
    const [mean, result] = [ofMagnitudes(build, node), node.outputs[0]]
    return build.op('Mul', [mean, build.op('Div', [size(x), size(result)])])
  }
  const axis = node.opType === 'LayerNormalization' ? node.int('axis', -1) : 0
  if (axis >= 0) return undefined
  const axes = Array.from({length: -axis}, (_, i) => axis + i)
  const square = build.op('Mul', [x, x])
  return opset < AXES_AS_INPUT
    ? build.op('ReduceMean', [build.op('Mul', [square, lengthOf(build, x, axes, opset)])], {axes})
    : build.op('ReduceSum', [square, build.ints(axes)])
}

/** Elements along the axes. */
function lengthOf(build: GraphBuilder, x: Value, axes: readonly number[], opset: number): Value {
  const one = build.op('ReduceMax', [x], opset < AXES_AS_INPUT ? {axes: [...axes]} : {})
  const size = (value: Value) => build.op('Cast', [build.op('Size', [value])], {to: FLOAT})
  return build.op('Div', [size(x), size(one)])
}

/** The same node on magnitudes. */
function ofMagnitudes(build: GraphBuilder, {opType, inputs, attributes}: Node): Value {
  const magnitudes = inputs.map((value) => (value && isFloat(value) ? build.op('Abs', [value]) : value))
  return build.op(opType, magnitudes, Object.fromEntries(attributes))
}
