import {axisFromStart} from '../../../ir/axis-from-start.js'
import type {Node} from '../../../ir/node.js'
import {readNumbers} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {removeUnread} from '../remove-unread.js'
import type {Rule} from '../rule.js'

/** Since this version Softmax runs along one axis; before, it flattened everything from there on. */
const ALONG_ONE_AXIS = 13

/** `exp(x − max(x)) / Σ exp(x − max(x))`, with or without the maximum, becomes Softmax. ONNX Softmax-13, and before along the last axis. */
export const fuseSoftmax: Rule = {
  name: 'fuse-softmax',
  create: ({opsetOf}) =>
    nodeRule({name: 'fuse-softmax', types: ['Div'], attempt: (node) => attempt(node, opsetOf(node))}),
}

function attempt(division: Node, opset: number): Outcome {
  const [powers, sum] = division.inputs
  const exp = produced(powers, 'Exp')
  const total = produced(sum, 'ReduceSum')
  const exponent = exp?.inputs[0]
  if (!powers || !exponent || !total || total.inputs[0] !== powers) return undefined
  const axis = axisOf(total)
  const rank = shapeOf(exponent)?.length
  if (axis === undefined || rank === undefined) return undefined
  const readers = powers.consumers.filter((node) => node !== division && node !== total)
  if (readers.length > 0 || powers.isOutput) return 'the exponentials have other consumers'
  const isLast = axisFromStart(axis, rank) === rank - 1
  if (opset < ALONG_ONE_AXIS && !isLast) return `Softmax along axis ${axis} needs opset ${ALONG_ONE_AXIS}`
  const data = shifted(exponent, axis, rank) ?? exponent
  const attributes = {axis: axisFromStart(axis, rank)}
  const softmax = division.graph.insertBefore(division, {opType: 'Softmax', inputs: [data], attributes})
  division.graph.moveOutput(division.outputs[0] as Value, softmax, 0)
  division.graph.remove(division)
  removeUnread(sum as Value)
  removeUnread(powers)
  return DONE
}

/** What the maximum along the same axis is taken from. */
function shifted(exponent: Value, axis: number, rank: number): Value | undefined {
  const sub = produced(exponent, 'Sub')
  const max = produced(sub?.inputs[1], 'ReduceMax')
  const data = sub?.inputs[0]
  const maxAxis = max && axisOf(max)
  const isSame = maxAxis !== undefined && axisFromStart(maxAxis, rank) === axisFromStart(axis, rank)
  return isSame && max?.inputs[0] === data ? data : undefined
}

/** The one axis a reduction runs along and keeps. */
function axisOf(node: Node): number | undefined {
  const axes = node.inputs[1]
    ? node.inputs[1].constant && readNumbers(node.inputs[1].constant)
    : node.ints('axes', undefined)
  return axes?.length === 1 && node.int('keepdims', 1) === 1 ? axes[0] : undefined
}

function produced(value: Value | undefined, opType: string): Node | undefined {
  const node = value?.producer
  return node?.opType === opType && node.domain === '' ? node : undefined
}
