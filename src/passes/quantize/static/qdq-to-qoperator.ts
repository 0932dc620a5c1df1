import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import type {Value} from '../../../ir/value.js'
import {INTEGER_KERNELS} from '../../../ops/integer-kernels.js'
import type {Change, Pass, PassReport, Skip} from '../../pass.js'
import {dataOutputs} from '../kernels/data-outputs.js'

/** ONNX Runtime's own domain. */
const RUNTIME = 'com.microsoft'

/** A value as integers: `[integers, scale, zero point]`. */
type Quantized = readonly [integers: Value, scale: Value, zeroPoint: Value | undefined]

/** What stands around a float node: its inputs as integers, and the quantizers behind it, one per output. */
interface Surroundings {
  readonly inputs: readonly (Quantized | undefined)[]
  readonly quantizers: readonly Node[]
  /** The first of them, of operators with one output. */
  readonly quantizer: Node
}

/** Emits the integer operator for a node; its output takes the place of the quantizer's. */
type Rule = (build: GraphBuilder, node: Node, around: Surroundings) => Node | undefined

const conv: Rule = (build, node, {inputs, quantizer}) => {
  const [x, w, bias] = inputs
  if (!x || !w || (node.inputs[2] && !bias)) return undefined
  return made(build, node, 'QLinearConv', [...x, ...w, ...scaleOf(quantizer), ...(bias ? [bias[0]] : [])])
}

const matMul: Rule = (build, node, {inputs, quantizer}) => {
  const [a, b] = inputs
  return a && b && made(build, node, 'QLinearMatMul', [...a, ...b, ...scaleOf(quantizer)])
}

const gemm: Rule = (build, node, {inputs, quantizer}) => {
  const [a, b, c] = inputs
  if (!a || !b || (node.inputs[2] && !c)) return undefined
  node.attributes.delete('beta')
  return made(build, node, 'QGemm', [...a, ...b, c?.[0], ...scaleOf(quantizer)], RUNTIME)
}

/** Operators of two inputs: `A, A_scale, A_zero, B, B_scale, B_zero, C_scale, C_zero`. */
const binary =
  (opType: string): Rule =>
  (build, node, {inputs, quantizer}) => {
    const [a, b] = inputs
    return a && b && made(build, node, opType, [...a, ...b, ...scaleOf(quantizer)], RUNTIME)
  }

/** Operators of one input: `X, X_scale, X_zero, Y_scale, Y_zero`. */
const unary =
  (opType: string): Rule =>
  (build, node, {inputs: [x], quantizer}) =>
    x && made(build, node, opType, [...x, ...scaleOf(quantizer)], RUNTIME)

const concat: Rule = (build, node, {inputs, quantizer}) => {
  const operands = inputs.flatMap((input) => input ?? [])
  if (inputs.some((input) => !input)) return undefined
  return made(build, node, 'QLinearConcat', [...scaleOf(quantizer), ...operands], RUNTIME)
}

/** `condition, X, X_scale, X_zero, Y, Y_scale, Y_zero, Z_scale, Z_zero` */
const where: Rule = (build, node, {inputs: [, x, y], quantizer}) =>
  x && y && made(build, node, 'QLinearWhere', [node.inputs[0], ...x, ...y, ...scaleOf(quantizer)], RUNTIME)

const RULES: Readonly<Record<string, Rule>> = {
  Conv: conv,
  MatMul: matMul,
  Gemm: gemm,
  Add: binary('QLinearAdd'),
  Mul: binary('QLinearMul'),
  Concat: concat,
  Where: where,
  Sigmoid: unary('QLinearSigmoid'),
  LeakyRelu: unary('QLinearLeakyRelu'),
  GlobalAveragePool: unary('QLinearGlobalAveragePool'),
}

/**
 * Writes `DequantizeLinear → operator → QuantizeLinear` as the integer operator itself (QLinearConv, QLinearMatMul, QGemm, …): the
 * QOperator format. What has no integer operator keeps its quantizers. Speed in ONNX Runtime is the same; other runtimes differ.
 */
export const qdqToQOperator: Pass = {name: 'qdq-to-qoperator', run}

function run(graph: Graph): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  for (const node of graph.nodes()) {
    if (node.domain !== '' || (!ownEntry(RULES, node.opType) && !INTEGER_KERNELS.passthrough.has(node.opType))) continue
    const around = surroundingsOf(node)
    if (!around) continue
    const opType = INTEGER_KERNELS.passthrough.has(node.opType) ? move(node, around) : rewrite(node, around)
    if (opType) changed.push({rule: 'qoperator', node: node.name, op: node.opType, to: opType})
    else skipped.push({node: node.name, op: node.opType, reason: 'an operand is not quantized'})
  }
  return {changed, skipped}
}

function surroundingsOf(node: Node): Surroundings | undefined {
  const quantizers = dataOutputs(node).flatMap(({uses, consumers: [reader]}) =>
    uses.size === 1 && reader?.opType === 'QuantizeLinear' ? [reader] : [],
  )
  const [quantizer] = quantizers
  if (!quantizer || quantizers.length < dataOutputs(node).length) return undefined
  return {inputs: node.inputs.map(quantizedOf), quantizers, quantizer}
}

/** Axis attributes of weights per channel go: QLinearConv and QGemm know their axis. */
function quantizedOf(value: Value | undefined): Quantized | undefined {
  const source = value?.producer
  if (source?.opType !== 'DequantizeLinear') return undefined
  const [integers, scale, zeroPoint] = source.inputs
  return integers && scale && [integers, scale, zeroPoint]
}

function scaleOf(quantizer: Node): readonly (Value | undefined)[] {
  return quantizer.inputs.slice(1, 3)
}

function made(
  build: GraphBuilder,
  node: Node,
  opType: string,
  inputs: readonly (Value | undefined)[],
  domain = '',
): Node {
  return build.node(opType, inputs, Object.fromEntries(node.attributes), {domain, outputs: 0})
}

function rewrite(node: Node, around: Surroundings): string | undefined {
  const build = new GraphBuilder(node.graph, {before: node})
  const replacement = ownEntry(RULES, node.opType)?.(build, node, around)
  if (!replacement) return undefined
  takeOver(node, around.quantizer, replacement)
  return replacement.opType
}

/** The replacement gives what the quantizer gave; node and quantizer go. */
function takeOver(node: Node, quantizer: Node, replacement: Node): void {
  const {graph} = node
  graph.moveOutput(quantizer.outputs[0] as Value, replacement, 0)
  graph.remove(quantizer)
  graph.remove(node)
}

/** The node reads the integers in front of the DequantizeLinear, and its outputs are what the quantizers gave. */
function move(node: Node, {inputs: [x], quantizers}: Surroundings): string | undefined {
  const [integers, scale, zeroPoint] = x ?? []
  const isSame = (quantizer: Node) => quantizer.inputs[1] === scale && quantizer.inputs[2] === zeroPoint
  if (!integers || !quantizers.every(isSame)) return undefined
  const {graph} = node
  graph.setInput(node, 0, integers)
  for (const quantizer of quantizers) {
    const index = node.outputs.indexOf(quantizer.inputs[0])
    const result = quantizer.outputs[0] as Value
    graph.setInput(quantizer, 0, undefined)
    graph.moveOutput(result, node, index)
    graph.remove(quantizer)
  }
  return node.opType
}
