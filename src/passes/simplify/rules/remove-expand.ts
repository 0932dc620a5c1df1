import type {Node} from '../../../ir/node.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {haveSameShape} from '../patterns/same-shape.js'
import {bypass} from '../redirect.js'
import type {Rule, RuleContext} from '../rule.js'

/** Removes Expand and Tile that repeat nothing. */
export const removeExpand: Rule = {
  name: 'remove-expand',
  create: (context) =>
    nodeRule({name: 'remove-expand', types: ['Expand', 'Tile'], attempt: (node) => attempt(node, context)}),
}

function attempt(node: Node, {contentsOf, opsetOf}: RuleContext): Outcome {
  const [input] = node.inputs
  // before version 6 Tile had another signature
  if (!input || opsetOf(node) < 6) return undefined
  if (!haveSameShape(input, node.outputs[0]) && !repeatsOnce(node, contentsOf(node.inputs[1]))) return undefined
  return bypass(node, input) ?? DONE
}

function repeatsOnce(node: Node, repeats: readonly unknown[] | undefined): boolean {
  return node.opType === 'Tile' && repeats !== undefined && repeats.every((count) => count === 1)
}
