import type {Dim} from '../../../ir/dim.js'
import type {Node} from '../../../ir/node.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {haveSameShape} from '../patterns/same-shape.js'
import {bypass} from '../redirect.js'
import type {Rule, RuleContext} from '../rule.js'

/** Larger ends mean "to the end". */
const INT32_MAX = 2 ** 31 - 1

/** Removes a Slice that takes everything, in order. */
export const removeSlice: Rule = {
  name: 'remove-slice',
  create: (context) => nodeRule({name: 'remove-slice', types: ['Slice'], attempt: (node) => attempt(node, context)}),
}

function attempt(node: Node, context: RuleContext): Outcome {
  const [input] = node.inputs
  if (!input || !takesAll(node, context)) return undefined
  return bypass(node, input) ?? DONE
}

function takesAll(node: Node, {opsetOf, contentsOf}: RuleContext): boolean {
  const asInputs = opsetOf(node) >= 10
  const [starts, ends, steps] = asInputs
    ? [contentsOf(node.inputs[1]), contentsOf(node.inputs[2]), node.inputs[4] ? contentsOf(node.inputs[4]) : []]
    : [node.ints('starts', []), node.ints('ends', []), []]
  if (!steps?.every((step) => typeof step === 'number' && step > 0)) return false
  if (haveSameShape(node.inputs[0], node.outputs[0])) return true
  return steps.every((step) => step === 1) && isAll(starts, (start) => start === 0) && isAll(ends, isBeyond)
}

function isAll(sizes: readonly Dim[] | undefined, holds: (size: Dim) => boolean): boolean {
  return sizes?.every(holds) ?? false
}

function isBeyond(end: Dim): boolean {
  return typeof end === 'number' && end >= INT32_MAX
}
