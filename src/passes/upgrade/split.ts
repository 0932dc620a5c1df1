import type {Node} from '../../ir/node.js'
import {notUpgradable} from './upgrade.js'

/** Split 2: the sizes, for one version an input, became an attribute, and the axis got a default. */
export function sizesAsAttribute(node: Node): boolean {
  if (node.inputs[1]) throw notUpgradable(node, 'its sizes are an input, which opset 2 took back')
  return false
}

/** Split 18: without sizes, the number of parts must be said. */
export function countParts(node: Node): boolean {
  if (node.inputs[1]) return false
  node.set('num_outputs', node.outputs.length)
  return true
}
