import type {GraphBuilder} from '../../ir/build.js'
import {dtypeCode} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {float32} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {dtypeOf} from '../../ops/operand.js'
import {notUpgradable} from './upgrade.js'

/**
 * Float attributes as a tensor of the element type that the node works on: operators want their operands alike.
 *
 * @param shape of the tensor; a scalar when absent.
 * @throws UnsupportedOpError when that element type is not known.
 */
export function constantLike(
  node: Node,
  build: GraphBuilder,
  values: readonly number[],
  shape: readonly number[] = [],
): Value {
  const dtype = dtypeOf(node.inputs[0]) ?? dtypeOf(node.outputs[0])
  if (!dtype) throw notUpgradable(node, 'the element type of its input is not known')
  const floats = build.constant(float32(values, shape), `${node.name}_value`)
  return dtype === 'float32' ? floats : build.op('Cast', [floats], {to: dtypeCode(dtype)})
}
