import {GraphBuilder} from '../../ir/build.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {ownEntry} from '../../ir/own-entry.js'
import type {Value} from '../../ir/value.js'
import type {Change, Pass, PassReport, Skip} from '../pass.js'

/** ONNX Runtime's own domain. */
const RUNTIME = 'com.microsoft'

/** A value as integers: `[integers, scale, zero point]`. */
type Quantized = readonly [integers: Value, scale: Value, zeroPoint: Value | undefined]

/** What stands around a float node: its inputs as integers, and the quantizer behind it. */
interface Surroundings {
  readonly inputs: readonly (Quantized | undefined)[]
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

const RULES: Readonly<Record<string, Rule>> = {
  Conv: conv,
  MatMul: matMul,
  Gemm: gemm,
  Add: binary('QLinearAdd'),
  Mul: binary('QLinearMul'),
  Concat: concat,
  Sigmoid: unary('QLinearSigmoid'),
  LeakyRelu: unary('QLinearLeakyRelu'),
  AveragePool: unary('QLinearAveragePool'),
  GlobalAveragePool: unary('QLinearGlobalAveragePool'),
}

/** Operators that run on integers as they are, when both sides have one scale. */
const MOVES: ReadonlySet<string> = new Set([
  'MaxPool',
  'Reshape',
  'Flatten',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Slice',
  'Split',
  'Gather',
  'Pad',
  'Resize',
])

/**
 * Writes `DequantizeLinear → operator → QuantizeLinear` as the integer operator itself (QLinearConv, QLinearMatMul, QGemm, …): the
 * QOperator format. What has no integer operator keeps its quantizers. Speed in ONNX Runtime is the same; other runtimes differ.
 */
export const qdqToQOperator: Pass = {name: 'qdq-to-qoperator', run}

function run(graph: Graph): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  for (const node of graph.nodes()) {
    if (node.domain !== '' || (!ownEntry(RULES, node.opType) && !MOVES.has(node.opType))) continue
    const around = surroundingsOf(node)
    if (!around) continue
    const opType = MOVES.has(node.opType) ? move(node, around) : rewrite(node, around)
    if (opType) changed.push({rule: 'qoperator', node: node.name, op: node.opType, to: opType})
    else skipped.push({node: node.name, op: node.opType, reason: 'an operand is not quantized'})
  }
  return {changed, skipped}
}

function surroundingsOf(node: Node): Surroundings | undefined {
  const [output] = node.outputs
  const [quantizer] = output?.consumers ?? []
  if (output?.uses.size !== 1 || quantizer?.opType !== 'QuantizeLinear') return undefined
  return {inputs: node.inputs.map(quantizedOf), quantizer}
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

/** The node reads the integers in front of the DequantizeLinear, and its output is what the quantizer gave. */
function move(node: Node, {inputs: [x], quantizer}: Surroundings): string | undefined {
  const [, scale, zeroPoint] = x ?? []
  const [otherScale, otherZeroPoint] = scaleOf(quantizer)
  if (!x || scale !== otherScale || zeroPoint !== otherZeroPoint) return undefined
  const {graph} = node
  const result = quantizer.outputs[0] as Value
  graph.setInput(node, 0, x[0])
  graph.setInput(quantizer, 0, undefined)
  graph.moveOutput(result, node, 0)
  graph.remove(quantizer)
  return node.opType
}
