import {type Dim, sameDim} from '../../../ir/dim.js'
import type {Node} from '../../../ir/node.js'
import {int64} from '../../../ir/tensor.js'
import type {Shape} from '../../../ir/types.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import type {Rule, RuleContext} from '../rule.js'

/** Gives Expand a constant target, with 1 where the input has the size already, in place of arithmetic on Shape. */
export const fixExpandTarget: Rule = {
  name: 'fix-expand-target',
  create: (context) =>
    nodeRule({name: 'fix-expand-target', types: ['Expand'], attempt: (node) => attempt(node, context)}),
}

function attempt(node: Node, {contentsOf}: RuleContext): Outcome {
  const [input, wanted] = node.inputs
  if (!wanted || wanted.constant) return undefined
  const [from, contents] = [shapeOf(input), contentsOf(wanted)]
  if (!from || !contents) return 'its target depends on the data'
  const target = contents.map((size, axis) => entry(size, axis + from.length - contents.length, from))
  if (target.includes(undefined)) return 'a size depends on the input'
  const values = target.map((size) => size ?? 1)
  node.graph.setInput(node, 1, node.graph.constant(int64(values), `${(node.outputs[0] as Value).name}_shape`))
  return DONE
}

/** Expand stretches both ways: 1 leaves the input's size. */
function entry(size: Dim, axis: number, from: Shape): number | undefined {
  if (typeof size === 'number') return size
  return axis >= 0 && sameDim(size, from[axis]) ? 1 : undefined
}
