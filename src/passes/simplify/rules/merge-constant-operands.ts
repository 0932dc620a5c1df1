import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import {float32, readFloat32, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {endsFusedPattern} from '../fused-by-runtime.js'
import {nodeRule, type Outcome} from '../node-rule.js'
import {AFFINE_TYPES, affineNode} from '../patterns/affine.js'
import {productFrom, productOf} from '../patterns/product.js'
import {removeUnread} from '../remove-unread.js'

/** Both scale, or both shift: their constants join to one. */
const KIND: Readonly<Record<string, 'factor' | 'offset'>> = {Mul: 'factor', Div: 'factor', Add: 'offset', Sub: 'offset'}

/**
 * Two multiplications or divisions by constants in a row become one, and two additions or subtractions: `(x·a)/b = x·(a/b)`,
 * `(x + a) − b = x + (a − b)`. Taken in double precision, rounded once.
 */
export const mergeConstantOperands: Pass = nodeRule({
  name: 'merge-constant-operands',
  types: AFFINE_TYPES.filter((type) => type in KIND),
  attempt,
})

/** Offsets of opposite sign up to here round by less than 1e-5. */
const MOST_OPPOSITE = 64

/** One of the two: its data, its constant, and the number each element stands for. */
interface Step {
  readonly data: Value
  readonly constant: Tensor
  readonly numbers: (number: number) => number
}

function attempt(second: Node): Outcome {
  const outer = stepOf(second)
  const first = outer?.data.producer
  const inner = first && stepOf(first)
  if (!outer || !inner || first.graph !== second.graph || KIND[first.opType] !== KIND[second.opType]) return undefined
  if (outer.data.uses.size !== 1) return undefined
  // a bias belongs to its MatMul, and what a weight can take it shall take
  if (productOf(first) || productOf(inner.data.producer) || (second.outputs[0] && productFrom(second.outputs[0])))
    return undefined
  if (endsFusedPattern(first)) return undefined
  const joined = join(inner, outer, KIND[second.opType] === 'factor')
  return joined ? rewrite(second, inner.data, joined) : undefined
}

function stepOf(node: Node): Step | undefined {
  const kind = ownEntry(KIND, node.opType)
  const affine = kind && affineNode(node)
  const constant = affine && node.inputs[1 - affine.slot]?.constant
  if (!affine || !constant || ((node.opType === 'Sub' || node.opType === 'Div') && affine.slot !== 0)) return undefined
  const numbers: Readonly<Record<string, Step['numbers']>> = {Div: (x) => 1 / x, Sub: (x) => -x}
  return {data: affine.data, constant, numbers: numbers[node.opType] ?? ((x) => x)}
}

function join(inner: Step, outer: Step, isFactor: boolean): Tensor | undefined {
  const combine = (a: number, b: number) => (isFactor ? a * b : a + b)
  const [a, b] = [
    Array.from(readFloat32(inner.constant), inner.numbers),
    Array.from(readFloat32(outer.constant), outer.numbers),
  ]
  const shape =
    a.length === 1 && inner.constant.shape.length <= outer.constant.shape.length
      ? outer.constant.shape
      : inner.constant.shape
  const isSame = inner.constant.shape.join() === outer.constant.shape.join()
  const isScalar = b.length === 1 && outer.constant.shape.length <= inner.constant.shape.length
  if (!isSame && !isScalar && shape !== outer.constant.shape) return undefined
  const longest = Math.max(a.length, b.length)
  const pick = (list: number[], i: number) => list[list.length === 1 ? 0 : i] ?? 0
  const pairs = Array.from({length: longest}, (_, i) => [pick(a, i), pick(b, i)] as const)
  if (!pairs.every(([left, right]) => (isFactor ? isOrdinary(left * right) : !isRounding(left, right))))
    return undefined
  return float32(
    pairs.map(([left, right]) => combine(left, right)),
    shape,
  )
}

/** A product that float32 holds with all its digits. */
function isOrdinary(product: number): boolean {
  return Math.abs(product) > 2 ** -126 && Math.abs(product) < 2 ** 127
}

/** Adding a large number and taking it away again rounds on purpose. */
function isRounding(a: number, b: number): boolean {
  return a * b < 0 && Math.max(Math.abs(a), Math.abs(b)) > MOST_OPPOSITE
}

function rewrite(second: Node, data: Value, joined: Tensor): Outcome {
  const {graph} = second
  const isFactor = KIND[second.opType] === 'factor'
  const name = second.inputs.find((value) => value?.constant)?.name
  const between = second.inputs.find((value) => value && !value.constant) as Value
  const node = graph.insertBefore(second, {
    opType: isFactor ? 'Mul' : 'Add',
    inputs: [data, graph.constant(joined, name)],
  })
  graph.moveOutput(second.outputs[0] as Value, node, 0)
  graph.remove(second)
  removeUnread(between)
  return {to: node.opType}
}
