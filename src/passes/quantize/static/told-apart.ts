import type {Node} from '../../../ir/node.js'
import {readNumbers} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {clampRange} from '../kernels/clamp-range.js'
import type {Range} from './activation-scale.js'

const ALL: Range = {min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY}
/** x · clip(x + 3, 0, 6) / 6. ONNX HardSwish-14. */
const HARD_SWISH_ZERO = -3
/** Integer steps of an activation. */
const STEPS = 255

/**
 * The part of a value's range that its readers tell apart: below −3 HardSwish gives 0, whatever the value. Integers spent beyond are
 * lost, half of them in a recognizer of text that is HardSwish throughout.
 */
export function toldApart(value: Value): Range {
  if (value.isOutput) return ALL
  const readers = value.consumers
  if (readers.length === 1 && readers[0]) return ofReader(readers[0])
  const product = readers.find(({opType}) => opType === 'Mul')
  const gate = readers.find((node) => node !== product)
  if (readers.length !== 2 || !product || !gate) return ALL
  const zero = zeroOfGate(gate, product)
  return zero === undefined ? ALL : {min: zero, max: ALL.max}
}

function ofReader(node: Node): Range {
  if (node.opType === 'HardSwish') return {min: HARD_SWISH_ZERO, max: ALL.max}
  if (node.opType !== 'HardSigmoid') return ALL
  const [alpha, beta] = [node.float('alpha', 0.2), node.float('beta', 0.5)]
  return alpha > 0 ? {min: -beta / alpha, max: (1 - beta) / alpha} : ALL
}

/** Where a gate closes that multiplies its own input: a HardSigmoid, or `clip(x + c, 0, …)` as older exporters write it. */
function zeroOfGate(gate: Node, product: Node): number | undefined {
  const opens = gate.outputs[0]?.consumers ?? []
  const [reader] = opens
  if (opens.length !== 1 || !reader) return undefined
  if (gate.opType === 'HardSigmoid') return reader === product ? ofReader(gate).min : undefined
  const offset = gate.inputs.find((input) => input?.constant)?.constant
  const isGate = gate.opType === 'Add' && reader.opType === 'Clip' && clampRange(reader).min === 0
  const isOwn = reader.outputs[0]?.consumers.length === 1 && reader.outputs[0].consumers[0] === product
  if (!isGate || !isOwn || !offset || offset.shape.some((size) => size !== 1)) return undefined
  const [shift = 0] = readNumbers(offset)
  return -Number(shift)
}

/** A range without what nobody tells apart, but for a step: the lowest integer must not lie above the edge. */
export function narrowed({min, max}: Range, edges: Range): Range {
  const [low, high] = [Math.max(min, Math.min(edges.min, 0)), Math.min(max, Math.max(edges.max, 0))]
  const step = (Math.max(high, 0) - Math.min(low, 0)) / (STEPS - 2)
  return {min: Math.max(min, low - step), max: Math.min(max, high + step)}
}
