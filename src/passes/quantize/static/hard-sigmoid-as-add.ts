import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {readNumbers} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'

/** Scale that spreads 0..1 over uint8: its quantizer saturates exactly where HardSigmoid does. */
const UNIT_SCALE = 1 / 255

/**
 * HardSigmoid of a quantized value as an integer Add. `clip(α·x + β, 0, 1)` is `α·x`, which is x read with another scale, plus β,
 * quantized to 0..1: the quantizer's saturation is the clip. The runtime has no integer HardSigmoid; this one costs a QLinearAdd,
 * and HardSwish becomes that and an integer Mul.
 */
export const hardSigmoidAsAdd: Pass = {name: 'hard-sigmoid-as-add', run}

function run(graph: Graph): PassReport {
  const changed: Change[] = []
  for (const node of graph.nodes()) {
    const found = node.opType === 'HardSigmoid' && node.domain === '' ? around(node) : undefined
    if (!found) continue
    rewrite(node, found)
    changed.push({rule: 'hard-sigmoid-as-add', node: node.name, op: node.opType})
  }
  return {changed, skipped: []}
}

/** The quantizers on both sides of a HardSigmoid. */
interface Neighbours {
  /** Gives the input as float. */
  readonly before: Node
  readonly quantizer: Node
  readonly after: Node
}

function around(node: Node): Neighbours | undefined {
  const before = node.inputs[0]?.producer
  const quantizer = onlyReader(node)
  const after = quantizer && onlyReader(quantizer)
  if (before?.opType !== 'DequantizeLinear' || quantizer?.opType !== 'QuantizeLinear') return undefined
  return after?.opType === 'DequantizeLinear' && !after.outputs[0]?.isOutput ? {before, quantizer, after} : undefined
}

function onlyReader(node: Node): Node | undefined {
  const [output] = node.outputs
  return output?.uses.size === 1 ? output.consumers[0] : undefined
}

function rewrite(node: Node, {before, quantizer, after}: Neighbours): void {
  const {graph} = node
  const [integers, scaleValue, zeroPoint] = before.inputs as [Value, Value, Value]
  const type = zeroPoint.constant?.dtype === 'int8' ? 'int8' : 'uint8'
  const [scale = 1] = scaleValue.constant ? readNumbers(scaleValue.constant) : []
  const build = new GraphBuilder(graph, {before: node})
  const slope = build.scalar(node.float('alpha', 0.2) * scale, 'float32', `${integers.name}_slope`)
  const sum = build.op('Add', [build.op('DequantizeLinear', [integers, slope, zeroPoint]), offsetOf(node, build, type)])
  const unitZero = type === 'int8' ? build.scalar(-128, 'int8', 'unit_zero') : build.scalar(0, 'uint8', 'unit_zero')
  const unit = [build.scalar(UNIT_SCALE, 'float32', 'unit_scale'), unitZero]
  const result = build.op('DequantizeLinear', [build.op('QuantizeLinear', [sum, ...unit]), ...unit])
  graph.replaceUses(after.outputs[0] as Value, result)
  for (const old of [after, quantizer, node]) graph.remove(old)
}

/** β as a quantized constant: one step of its own magnitude, up or down. */
function offsetOf(node: Node, build: GraphBuilder, type: 'uint8' | 'int8'): Value {
  const beta = node.float('beta', 0.5)
  const [steps, zeroPoint] = beta < 0 ? [0, 1] : [1, 0]
  const parameters = [build.scalar(Math.abs(beta) || 1, 'float32', 'beta'), build.scalar(zeroPoint, type, 'beta_zero')]
  return build.op('DequantizeLinear', [build.scalar(beta === 0 ? 0 : steps, type, 'beta_steps'), ...parameters])
}
