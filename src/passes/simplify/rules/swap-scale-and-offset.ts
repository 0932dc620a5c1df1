import type {Node} from '../../../ir/node.js'
import {float32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {endsFusedPattern} from '../fused-by-runtime.js'
import {nodeRule, type Outcome} from '../node-rule.js'
import {affineNode} from '../patterns/affine.js'
import {productFrom} from '../patterns/product.js'
import {isPadded} from '../patterns/window-pads.js'

/** Quotients beyond this would lose the data's own digits, or overflow. */
const MOST_OFFSET = 1e6

/**
 * `x·s + t` in front of a padded Conv becomes `(x + t/s)·s`, so that fold-into-next-weights can take the factor: zeros times s stay
 * zeros, whereas the offset has to stay. The rounding error stays that of the larger of x·s and t.
 */
export const swapScaleAndOffset: Pass = nodeRule({name: 'swap-scale-and-offset', types: ['Add'], attempt})

function attempt(add: Node): Outcome {
  const offset = add.opType === 'Add' ? affineNode(add) : undefined
  const mul = offset?.data.producer
  const factor = mul?.opType === 'Mul' && mul.graph === add.graph ? affineNode(mul) : undefined
  const result = add.outputs[0]
  if (!offset || !mul || !factor || !result || offset.data.uses.size !== 1 || result.uses.size !== 1) return undefined
  const product = productFrom(result)
  if (product?.node.opType !== 'Conv' || !isPadded(product.node) || product.weight.uses.size > 1) return undefined
  if (endsFusedPattern(add)) return undefined
  const [scale, shift] = [factor.along(product.inputPlace), offset.along(product.inputPlace)]
  if (typeof scale === 'string' || typeof shift === 'string' || !scale.scale || !shift.shift) return undefined
  const quotients = shift.shift.map((number, c) => number / (scale.scale?.[c] ?? 1))
  if (!quotients.every((number) => Math.abs(number) <= MOST_OFFSET)) return undefined
  return swap(
    {add, mul, data: factor.data, constant: mul.inputs[1 - factor.slot] as Value},
    offsetTensor(quotients, product.inputPlace.rank),
  )
}

/** One number where all are the same, else along axis 1. */
function offsetTensor(numbers: Float64Array, rank = 4): ReturnType<typeof float32> {
  const isUniform = numbers.every((number) => number === numbers[0])
  if (isUniform) return float32([numbers[0] ?? 0], [])
  return float32(numbers, [numbers.length, ...new Array<number>(rank - 2).fill(1)])
}

interface Pair {
  readonly add: Node
  readonly mul: Node
  readonly data: Value
  /** What the data is multiplied by. */
  readonly constant: Value
}

function swap({add, mul, data, constant}: Pair, quotient: ReturnType<typeof float32>): Outcome {
  const {graph} = add
  const offset = graph.constant(quotient, add.inputs.find((value) => value?.constant)?.name ?? 'offset')
  const moved = graph.insertBefore(add, {opType: 'Add', inputs: [data, offset]}).outputs[0] as Value
  moved.type = data.type
  const result = add.outputs[0] as Value
  const scaled = graph.insertBefore(add, {opType: 'Mul', inputs: [moved, constant]})
  graph.moveOutput(result, scaled, 0)
  graph.remove(add)
  graph.remove(mul)
  return {from: 'x * s + t', to: '(x + t/s) * s'}
}
