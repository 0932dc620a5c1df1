import type {Node} from '../../../ir/node.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {haveSameShapeAndCount} from '../patterns/same-shape.js'
import {bypass} from '../redirect.js'

/** Removes Reshape, Flatten, Squeeze and Unsqueeze to the shape the input has. */
export const removeReshape: Pass = nodeRule({
  name: 'remove-reshape',
  types: ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'],
  attempt,
})

function attempt(node: Node): Outcome {
  const [input] = node.inputs
  if (!input || !haveSameShapeAndCount(input, node.outputs[0])) return undefined
  return bypass(node, input) ?? DONE
}
