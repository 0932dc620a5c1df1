import type {Dim} from '../../../ir/dim.js'
import type {Node} from '../../../ir/node.js'
import {int64} from '../../../ir/tensor.js'
import type {Shape} from '../../../ir/types.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {reshapeTarget} from '../patterns/reshape-target.js'
import type {Rule, RuleContext} from '../rule.js'

/** Gives Reshape a constant target, with -1 and 0 for what is free, in place of arithmetic on Shape that comes to the same. */
export const fixReshapeTarget: Rule = {
  name: 'fix-reshape-target',
  create: (context) =>
    nodeRule({name: 'fix-reshape-target', types: ['Reshape'], attempt: (node) => attempt(node, context)}),
}

function attempt(node: Node, {contentsOf}: RuleContext): Outcome {
  const [input, wanted] = node.inputs
  if (!wanted || wanted.constant) return undefined
  const contents = contentsOf(wanted)
  const output = shapeOf(node.outputs[0])
  if (!contents || output?.length !== contents.length) return 'its target depends on the data'
  const sizes = contents.map((size, axis) => sizeAt(size, axis, node, output))
  const target = reshapeTarget(shapeOf(input), sizes)
  if (!target) return 'more than one size depends on the input'
  node.attributes.delete('allowzero')
  node.graph.setInput(node, 1, node.graph.constant(int64(target), `${(node.outputs[0] as Value).name}_shape`))
  return DONE
}

/** 0 and -1 in the target stand for sizes that inference may know. */
function sizeAt(wanted: Dim, axis: number, node: Node, output: Shape): Dim {
  if (wanted === 0 && node.int('allowzero', 0) === 0) return output[axis] ?? shapeOf(node.inputs[0])?.[axis]
  return wanted === -1 ? output[axis] : wanted
}
