import {GraphBuilder} from '../../ir/build.js'
import {dtypeCode} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {tensorType} from '../../ir/types.js'
import {dtypeOf, shapeOf} from '../../ops/operand.js'
import {notUpgradable} from './upgrade.js'

/** Dropout 10: the mask, until then of the input's type, became bool; where it is read, it is cast back. */
export function maskToBool(node: Node): boolean {
  const mask = node.outputs[1]
  if (!mask) return false
  const bool = tensorType('bool', shapeOf(mask))
  if (mask.uses.size === 0) {
    mask.type = bool
    return false
  }
  const dtype = dtypeOf(node.inputs[0])
  if (!dtype) throw notUpgradable(node, 'the element type of its mask is not known')
  const {graph} = node
  const fresh = graph.detach(mask)
  fresh.type = bool
  const cast = graph.insertAfter(node, {
    opType: 'Cast',
    inputs: [fresh],
    outputs: 0,
    attributes: {to: dtypeCode(dtype)},
  })
  graph.moveOutput(mask, cast, 0)
  return true
}

/** Dropout 12: `ratio` became an input; without the new third input, `training_mode`, nothing is dropped, as before. */
export function ratioToInput(node: Node): boolean {
  const ratio = node.float('ratio', undefined)
  if (ratio === undefined) return false
  node.graph.setInput(node, 1, new GraphBuilder(node.graph).scalar(ratio, 'float32', `${node.name}_ratio`))
  return node.attributes.delete('ratio')
}
