import type {RowLayout} from '../../ir/layer-profile.js'
import type {Node} from '../../ir/node.js'
import {elementCount} from '../../ir/tensor.js'
import {isRefusal, type OpSpec} from '../../ops/op-spec.js'

/**
 * Which output channel each element of a node's constant weight feeds. Recurrent layers have a row of the last axis per gate and unit.
 *
 * @param slot of the weight among the inputs.
 * @param shape of the weight.
 */
export function rowLayout(
  node: Node,
  slot: number,
  shape: readonly number[],
  fact: OpSpec['quantize'] | undefined,
): RowLayout {
  const isCompute = fact && !isRefusal(fact) && fact.as === 'compute' && fact.weight === slot
  const axis = isCompute ? fact.channelAxis(node) : shape.length - 2
  const from = isCompute ? axis : 0
  return {rows: elementCount(shape.slice(from, axis + 1)), inner: elementCount(shape.slice(axis + 1))}
}
