import {float} from '../../../ir/attribute.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {removeUnread} from '../../simplify/remove-unread.js'
import {elementsOf, type SizeOf} from '../kernels/free-dims.js'

/** Under this many elements a kernel more costs what the cheaper function saves: the inside of a squeeze-excite. */
const FEWEST = 1000
/** Above this many, floats of a batch no longer fit a cache: EfficientNet-B0 of batch 32 lost a tenth by its one larger SiLU. */
const MOST = 600_000

/**
 * SiLU between integer layers as one float kernel, `DequantizeLinear → QuickGelu → QuantizeLinear`, in place of an integer Sigmoid and
 * an integer Mul: ONNX Runtime has no integer kernel for the whole. It fuses float Sigmoid and Mul itself, but not behind a
 * DequantizeLinear, which it copies for each of the two; hence its own operator in the file, with alpha 1.
 *
 * Measured on one thread, AVX512-VNNI, nanoseconds per element: integer 0.35, float 0.27, the same from 2,000 to 1.2 million
 * elements (0.78 to 0.91 of the time). EfficientNet-B0 at 224 × 224: 1.28× to 1.35× of float.
 */
export function floatSilu({sizeOf}: {sizeOf: SizeOf}): Pass {
  return {name: 'float-silu', run: (graph) => run(graph, sizeOf)}
}

function run(graph: Graph, sizeOf: SizeOf): PassReport {
  const changed: Change[] = []
  for (const node of graph.nodes()) {
    const found = node.opType === 'Sigmoid' && node.domain === '' ? around(node) : undefined
    if (!found) continue
    const elements = elementsOf(found.source, sizeOf)
    if (elements === undefined || elements < FEWEST || elements > MOST) continue
    rewrite(node, found)
    changed.push({rule: 'float-silu', node: found.product.name, op: 'QuickGelu'})
  }
  return {changed, skipped: []}
}

interface Neighbours {
  /** What was quantized: it has a type, as the quantizers' values have not. */
  readonly source: Value
  /** The Mul of the value and its quantized Sigmoid. */
  readonly product: Node
}

/** The quantized product of a quantized value and its own Sigmoid. */
function around(sigmoid: Node): Neighbours | undefined {
  const [x] = sigmoid.inputs
  const [source] = x?.producer?.opType === 'DequantizeLinear' ? (x.producer.inputs[0]?.producer?.inputs ?? []) : []
  const quantizer = onlyReader(sigmoid.outputs[0])
  const gate = quantizer?.opType === 'QuantizeLinear' ? onlyReader(quantizer.outputs[0]) : undefined
  const product = onlyReader(gate?.outputs[0])
  if (!x || !source || product?.opType !== 'Mul' || !product.inputs.includes(x)) return undefined
  return onlyReader(product.outputs[0])?.opType === 'QuantizeLinear' ? {source, product} : undefined
}

function onlyReader(value: Value | undefined): Node | undefined {
  return value?.uses.size === 1 ? value.consumers[0] : undefined
}

function rewrite(sigmoid: Node, {product}: Neighbours): void {
  const {graph} = product
  const gate = product.inputs.find((value) => value !== sigmoid.inputs[0])
  const silu = graph.insertBefore(product, {
    opType: 'QuickGelu',
    domain: 'com.microsoft',
    name: `${product.name}_silu`,
    inputs: [sigmoid.inputs[0]],
    attributes: {alpha: float(1)},
    outputs: 0,
  })
  graph.moveOutput(product.outputs[0] as Value, silu, 0)
  graph.remove(product)
  if (gate) removeUnread(gate)
}
