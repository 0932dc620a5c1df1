import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {newerOpset} from '../newer-opset.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {isClose} from '../patterns/number-operand.js'
import {removeUnread} from '../remove-unread.js'
import type {Rule} from '../rule.js'

/** The version that brought HardSwish. */
const SINCE = 14

/** `x · HardSigmoid(x)` with α = 1/6 and β = 0.5 becomes HardSwish. ONNX HardSwish-14. */
export const fuseHardSwish: Rule = {
  name: 'fuse-hard-swish',
  create: ({opsetOf}) =>
    nodeRule({name: 'fuse-hard-swish', types: ['Mul'], attempt: (node) => attempt(node, opsetOf(node))}),
}

function attempt(node: Node, opset: number): Outcome {
  const gate = node.inputs.find((value) => value?.producer?.opType === 'HardSigmoid' && value.producer.domain === '')
  const data = gate?.producer?.inputs[0]
  if (!gate?.producer || !data || gate.uses.size !== 1 || !node.inputs.includes(data)) return undefined
  const [alpha, beta] = [gate.producer.float('alpha', 0.2), gate.producer.float('beta', 0.5)]
  if (!isClose(alpha, 1 / 6) || !isClose(beta, 0.5)) return undefined
  if (opset < SINCE) return newerOpset('HardSwish', SINCE, opset)
  const result = node.outputs[0] as Value
  const swish = node.graph.insertBefore(node, {opType: 'HardSwish', inputs: [data]})
  node.graph.moveOutput(result, swish, 0)
  node.graph.remove(node)
  removeUnread(gate)
  return DONE
}
