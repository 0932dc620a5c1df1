import type {Node} from '../../../ir/node.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {haveSameShape} from '../patterns/same-shape.js'
import {uniformValue} from '../patterns/uniform-value.js'
import {bypass} from '../redirect.js'

/** Removes a Where whose constant condition is true everywhere, or false everywhere. */
export const removeWhere: Pass = nodeRule({name: 'remove-where', types: ['Where'], attempt})

function attempt(node: Node): Outcome {
  const [condition, yes, no] = node.inputs
  const chosen = uniformValue(condition)
  if (chosen === undefined) return undefined
  const kept = chosen === 0 ? no : yes
  if (!kept || !haveSameShape(kept, node.outputs[0])) return 'the result may be larger than the operand it takes'
  return bypass(node, kept) ?? DONE
}
