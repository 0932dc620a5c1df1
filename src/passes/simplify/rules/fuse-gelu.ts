import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {newerOpset} from '../newer-opset.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {type GeluPattern, geluPattern} from '../patterns/gelu-pattern.js'
import {removeUnread} from '../remove-unread.js'
import type {Rule} from '../rule.js'

/** The version that brought Gelu. */
const SINCE = 20

/** Decomposed Gelu, exact or with tanh, becomes the operator. ONNX Gelu-20. */
export const fuseGelu: Rule = {
  name: 'fuse-gelu',
  create: ({opsetOf}) =>
    nodeRule({name: 'fuse-gelu', types: ['Mul', 'Div'], attempt: (node) => attempt(node, opsetOf(node))}),
}

/** The same with ONNX Runtime's own operators, which need no opset. */
export const fuseOrtGelu: Rule = {
  name: 'fuse-ort-gelu',
  fuseOrt: true,
  create: () => nodeRule({name: 'fuse-ort-gelu', types: ['Mul', 'Div'], attempt: attemptOrt}),
}

function attempt(node: Node, opset: number): Outcome {
  const pattern = geluPattern(node)
  if (!pattern) return undefined
  if (opset < SINCE) return newerOpset('Gelu', SINCE, opset)
  return write(node, pattern, {opType: 'Gelu', attributes: {approximate: pattern.approximate}})
}

function attemptOrt(node: Node): Outcome {
  const pattern = geluPattern(node)
  const opType = pattern?.approximate === 'tanh' ? 'FastGelu' : 'Gelu'
  return pattern && write(node, pattern, {opType, domain: 'com.microsoft'})
}

interface Operator {
  readonly opType: string
  readonly domain?: string
  readonly attributes?: Readonly<Record<string, string>>
}

function write(last: Node, {data}: GeluPattern, operator: Operator): Outcome {
  const {graph} = last
  const fused = graph.insertBefore(last, {...operator, inputs: [data]})
  const read = last.inputs.filter((value): value is Value => value !== undefined)
  graph.moveOutput(last.outputs[0] as Value, fused, 0)
  graph.remove(last)
  for (const value of read) removeUnread(value)
  return DONE
}
