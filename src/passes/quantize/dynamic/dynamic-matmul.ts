import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {elementCount, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {isRefusal} from '../../../ops/op-spec.js'
import type {SpecOf} from '../../../ops/specs-of.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {rowsOf, type SizeOf} from '../kernels/free-dims.js'
import {whyNotInteger} from '../kernels/integer-kernels.js'
import {quantizeWeight} from '../numbers/quantize-weight.js'
import type {ChosenType, WeightType} from '../numbers/weight-type.js'
import {transposed} from '../weights/transposed.js'

export interface DynamicOptions {
  readonly perChannel: boolean
  readonly peak?: number | undefined
  /** The type of a node's weight; undefined for nodes that are left alone. */
  readonly typeOf: ChosenType
}

/**
 * M·K·N from which the integer product gains more than quantizing its input costs: 1.3–2× at 260,000, a loss under 130,000; the
 * 200,704 of mlp_fm's first layer still gain.
 */
const SMALLEST_PRODUCT = 190_000
/** K·N from which it gains when the number of rows is not known. */
const SMALLEST_MATRIX = 64_000

/** The reason why a product has no integer kernel for dynamic activations. */
export function whyNotDynamicProduct(node: Node, specOf: SpecOf): string | undefined {
  const fact = specOf(node)?.quantize
  if (!fact || isRefusal(fact)) return fact?.refused ?? 'unknown operator'
  return whyNotInteger(node, fact)
}

/** The reason why integers would not be faster for a product. @param smallest M·K·N from which they are; by rule when absent. */
export function tooSmallForIntegers(node: Node, sizeOf: SizeOf, smallest = SMALLEST_PRODUCT): string | undefined {
  const [data, weight] = node.inputs as [Value, Value]
  const matrix = elementCount((weight.constant?.shape ?? []).slice(-2))
  const rows = rowsOf(data, sizeOf)
  if (rows === undefined) {
    return matrix >= SMALLEST_MATRIX
      ? undefined
      : `K·N = ${matrix} is under ${SMALLEST_MATRIX}: integers would be slower`
  }
  if (rows * matrix >= smallest) return undefined
  return `M·K·N = ${rows * matrix} is under ${smallest}: integers would be slower`
}

/**
 * MatMul and Gemm with a constant weight as `DynamicQuantizeLinear → MatMulInteger → Cast → Mul(scales) [→ Add(bias)]`, which ONNX
 * Runtime fuses to DynamicQuantizeMatMul, bias included, or, where several share an input, to one DynamicQuantizeLinear and a
 * MatMulIntegerToFloat each. No calibration data needed.
 */
export function quantizeDynamicMatMul(options: DynamicOptions): Pass {
  return {name: 'dynamic-matmul', run: (graph) => run(graph, options)}
}

/** What several nodes have in common: the quantizer of an activation, the integers of a weight. */
interface Shared {
  readonly quantizers: Map<Value, Node>
  readonly weights: Map<string, IntegerWeight>
}

interface IntegerWeight {
  /** int8 or uint8 `[…, K, N]` */
  readonly integers: Value
  /** float32 `[N]`, or a scalar when per-tensor */
  readonly scales: Value
  /** uint8, shaped like `scales`; undefined for signed weights */
  readonly zeroPoints: Value | undefined
}

function run(graph: Graph, options: DynamicOptions): PassReport {
  const changed: Change[] = []
  const shared: Shared = {quantizers: new Map(), weights: new Map()}
  for (const node of graph.allNodes()) {
    const type = options.typeOf(node)
    if (!type) continue
    rewrite(node, shared, {...options, type})
    changed.push({rule: 'dynamic', form: 'dynamic', node: node.name, op: node.opType, from: 'float32', to: type.dtype})
  }
  return {changed, skipped: []}
}

type ProductOptions = DynamicOptions & {readonly type: WeightType}

function rewrite(node: Node, shared: Shared, options: ProductOptions): void {
  const {graph} = node
  const [data, weight, bias] = node.inputs as [Value, Value, Value | undefined]
  const build = new GraphBuilder(graph, {before: node})
  const integerWeight = integerWeightOf(node, weight, shared.weights, options)
  const quantizer = quantizerOf(data, shared.quantizers, build)
  const [integersOfData, scaleOfData, zeroPointOfData] = quantizer.outputs as [Value, Value, Value]
  const operands = [integersOfData, integerWeight.integers, zeroPointOfData]
  const {zeroPoints} = integerWeight
  const product = build.op('MatMulInteger', zeroPoints ? [...operands, zeroPoints] : operands)
  const floats = build.op('Cast', [product], {to: FLOAT})
  const scales = build.op('Mul', [scaleOfData, integerWeight.scales])
  const scaled = build.node('Mul', [floats, scales])
  const last = bias ? build.node('Add', [scaled.outputs[0], bias]) : scaled
  const result = node.outputs[0] as Value
  graph.moveOutput(result, last, 0)
  graph.remove(node)
  if (weight.uses.size === 0) weight.graph.removeConstant(weight)
}

/** One integer copy per weight, however many products read it. */
function integerWeightOf(
  node: Node,
  weight: Value,
  known: Map<string, IntegerWeight>,
  {perChannel, peak, type}: ProductOptions,
): IntegerWeight {
  const isTransposed = node.opType === 'Gemm' && node.int('transB', 0) !== 0
  const key = `${weight.name}|${isTransposed}|${type.dtype}`
  const before = known.get(key)
  if (before) return before
  const {graph} = weight
  // zero points per column are for single matrices only
  const oneGrid = !perChannel || (type.low === 0 && (weight.constant?.shape.length ?? 0) > 2)
  const axis = oneGrid ? undefined : isTransposed ? 0 : -1
  const {integers, scales, zeroPoints} = quantizeWeight(weight.constant as Tensor, weight.name, {
    axis,
    ...(peak && {peak}),
    type,
  })
  const made = {
    integers: graph.constant(isTransposed ? transposed(integers) : integers, `${weight.name}_q`),
    scales: graph.constant(scales, `${weight.name}_s`),
    zeroPoints: zeroPoints && graph.constant(zeroPoints, `${weight.name}_z`),
  }
  known.set(key, made)
  return made
}

/** One quantizer per activation: Q, K and V share theirs. */
function quantizerOf(data: Value, quantizers: Map<Value, Node>, build: GraphBuilder): Node {
  const known = quantizers.get(data)
  if (known?.graph === build.graph) return known
  const made = build.node('DynamicQuantizeLinear', [data], {}, {outputs: 3})
  quantizers.set(data, made)
  return made
}

/** TensorProto.FLOAT */
const FLOAT = 1
