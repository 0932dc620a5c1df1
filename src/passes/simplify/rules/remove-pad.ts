import type {Node} from '../../../ir/node.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {bypass} from '../redirect.js'
import type {Rule, RuleContext} from '../rule.js'

/** Since this version the amounts are an input. */
const PADS_ARE_INPUT = 11

/** Removes a Pad by nothing on every side. */
export const removePad: Rule = {
  name: 'remove-pad',
  create: (context) => nodeRule({name: 'remove-pad', types: ['Pad'], attempt: (node) => attempt(node, context)}),
}

function attempt(node: Node, {opsetOf, contentsOf}: RuleContext): Outcome {
  const [input, amounts] = node.inputs
  const name = opsetOf(node) < 2 ? 'paddings' : 'pads'
  const pads = opsetOf(node) < PADS_ARE_INPUT ? node.ints(name, undefined) : contentsOf(amounts)
  if (!input || !pads?.every((amount) => amount === 0)) return undefined
  return bypass(node, input) ?? DONE
}
