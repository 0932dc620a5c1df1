import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'
import {derivedTensor, elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {normalizeAxis} from '../../ops/axis.js'
import {shapeOf} from '../../ops/operand.js'
import {notUpgradable} from './upgrade.js'

/**
 * Add, Mul, Pow, And, Less and their like, 7: shapes broadcast as in NumPy, from the last axis on. Up to 6 `axis` said where the
 * second operand's first axis lies in the first operand: it gets axes of size 1 behind.
 */
export function broadcastFromLastAxis(node: Node): boolean {
  const axis = node.int('broadcast', 0) === 0 ? undefined : node.int('axis', undefined)
  const [first, second] = node.inputs as [Value, Value]
  if (axis !== undefined) {
    const [rank, secondRank] = [shapeOf(first)?.length, shapeOf(second)?.length]
    if (rank === undefined || secondRank === undefined)
      throw notUpgradable(node, 'the ranks it broadcasts are not known')
    appendOnes(node, 1, rank - normalizeAxis(node, axis, rank) - secondRank)
  }
  return ['broadcast', 'axis'].filter((name) => node.attributes.delete(name)).length > 0
}

/** PRelu 7: likewise; up to 6 a vector of slopes belonged to the channels, axis 1. */
export function slopePerChannel(node: Node): boolean {
  const [data, slope] = node.inputs.map((value) => shapeOf(value))
  if (slope && elementCount(slope.map((size) => (typeof size === 'number' ? size : 2))) === 1) return false
  if (!data || !slope) throw notUpgradable(node, 'the ranks it broadcasts are not known')
  if (slope.length !== 1 || data.length <= 2) return false
  appendOnes(node, 1, data.length - 2)
  return true
}

function appendOnes(node: Node, slot: number, count: number): void {
  if (count <= 0) return
  const value = node.inputs[slot] as Value
  const {constant: tensor, graph} = value
  const build = new GraphBuilder(node.graph, {before: node})
  const ones = Array.from({length: count}, () => 1)
  if (tensor) {
    const longer = derivedTensor(tensor.dtype, [...tensor.shape, ...ones], () => tensor.read())
    node.graph.setInput(node, slot, graph.constant(longer, value.name))
    return
  }
  const rank = shapeOf(value)?.length ?? 0
  node.graph.setInput(node, slot, build.op('Unsqueeze', [value], {axes: ones.map((_, index) => rank + index)}))
}
