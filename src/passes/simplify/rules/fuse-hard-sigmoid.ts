import {float} from '../../../ir/attribute.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {isClose, numberOf, numberOperation} from '../patterns/number-operand.js'
import {removeUnread} from '../remove-unread.js'

/**
 * `Clip(x + a, 0, m) / m` becomes HardSigmoid with α = 1/m and β = a/m, and `x · Clip(x + a, 0, m) / m` becomes `x · HardSigmoid(x)`:
 * hard swish as Paddle and PyTorch export it, in one pass over the data less for each node saved. ONNX HardSigmoid-6.
 */
export const fuseHardSigmoid: Pass = nodeRule({name: 'fuse-hard-sigmoid', types: ['Div', 'Mul'], attempt})

/** `Clip(x + offset, 0, most)`. */
interface Ramp {
  readonly clip: Value
  readonly data: Value
  readonly offset: number
  readonly most: number
}

function attempt(node: Node): Outcome {
  const outer = numberOperation(node)
  if (!outer || (node.opType === 'Div' && outer.slot !== 0)) return undefined
  const divisor = node.opType === 'Div' ? outer.number : 1 / outer.number
  const {producer} = outer.data
  const ramp = rampOf(outer.data)
  if (ramp && isClose(ramp.most, divisor)) return fuse(node, outer.data, ramp)
  if (producer?.opType !== 'Mul' || producer.domain !== '' || outer.data.uses.size !== 1) return undefined
  for (const slot of [0, 1]) {
    const gate = rampOf(producer.inputs[slot])
    const other = producer.inputs[1 - slot]
    if (gate && other === gate.data && isClose(gate.most, divisor)) return fuseProduct(node, gate)
  }
  return undefined
}

function rampOf(clip: Value | undefined): Ramp | undefined {
  const node = clip?.producer
  const sum = node?.opType === 'Clip' && node.domain === '' ? node.inputs[0] : undefined
  if (!node || !clip || !sum || clip.uses.size !== 1 || sum.uses.size !== 1 || sum.producer?.opType !== 'Add')
    return undefined
  const [least, most] = [limit(node, 1, 'min'), limit(node, 2, 'max')]
  const add = numberOperation(sum.producer)
  if (!add || least !== 0 || most === undefined || !(most > 0) || sum.graph !== clip.graph) return undefined
  return {clip, data: add.data, offset: add.number, most}
}

/** Attributes before opset 11, inputs since. */
function limit(node: Node, slot: number, name: string): number | undefined {
  return node.inputs[slot] ? numberOf(node.inputs[slot]) : node.float(name, undefined)
}

function fuse(node: Node, read: Value, ramp: Ramp): Outcome {
  const result = node.outputs[0] as Value
  node.graph.moveOutput(result, hardSigmoid(node, ramp), 0)
  node.graph.remove(node)
  removeUnread(read)
  return DONE
}

function fuseProduct(node: Node, ramp: Ramp): Outcome {
  const product = node.inputs.find((value) => value?.producer?.opType === 'Mul') as Value
  const gate = hardSigmoid(node, ramp).outputs[0] as Value
  gate.type = ramp.data.type
  const result = node.outputs[0] as Value
  const times = node.graph.insertBefore(node, {opType: 'Mul', inputs: [ramp.data, gate]})
  node.graph.moveOutput(result, times, 0)
  node.graph.remove(node)
  removeUnread(product)
  return DONE
}

function hardSigmoid(before: Node, {data, offset, most}: Ramp): Node {
  const attributes = {alpha: float(Math.fround(1 / most)), beta: float(Math.fround(offset / most))}
  return before.graph.insertBefore(before, {opType: 'HardSigmoid', inputs: [data], attributes})
}
