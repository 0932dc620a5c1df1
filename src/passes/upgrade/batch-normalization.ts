import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'
import {coerceInput} from './coerce-input.js'
import {notUpgradable} from './upgrade.js'

/** BatchNormalization 7: what `is_test` said, the number of outputs says: one in inference. */
export function testModeByOutputs(node: Node): boolean {
  if (node.int('is_test', 0) === 0) throw notUpgradable(node, 'it is in training mode (is_test is 0)')
  return node.attributes.delete('is_test')
}

/** BatchNormalization 9: `spatial` is gone. With 0, every position has its own statistics: a normalization of the flattened input. */
export function flattenPositions(node: Node): boolean {
  if (node.int('spatial', 1) === 0) {
    const build = new GraphBuilder(node.graph, {before: node})
    for (let slot = 1; slot <= 4; slot++) {
      node.graph.setInput(node, slot, build.op('Reshape', [node.inputs[slot], build.ints([-1])]))
    }
    coerceInput(node, 1)
  }
  return node.attributes.delete('spatial')
}

/** BatchNormalization 14: five outputs became three and training a flag; inference, one output, stays what it was. */
export function refuseTraining(node: Node): boolean {
  if (node.outputs.slice(1).some((value) => value !== undefined)) {
    throw notUpgradable(node, 'it is in training mode (it has more than one output)')
  }
  return false
}
