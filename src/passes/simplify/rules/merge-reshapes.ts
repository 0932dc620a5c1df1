import {GraphBuilder} from '../../../ir/build.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {reshapeTarget} from '../patterns/reshape-target.js'
import type {Rule} from '../rule.js'

const FAMILY: readonly string[] = ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']
/** Since this version the target is an input. */
const TARGET_IS_INPUT = 5

/** Reshape, Flatten, Squeeze and Unsqueeze after another of them become one Reshape. */
export const mergeReshapes: Rule = {
  name: 'merge-reshapes',
  create: ({opsetOf}) =>
    nodeRule({name: 'merge-reshapes', types: FAMILY, attempt: (node) => attempt(node, opsetOf(node))}),
}

function attempt(node: Node, opset: number): Outcome {
  const between = node.inputs[0]
  const first = between?.producer
  const origin = first?.inputs[0]
  if (!first || !origin || first.domain !== '' || !FAMILY.includes(first.opType)) return undefined
  if (opset < TARGET_IS_INPUT || between.uses.size !== 1) return undefined
  const output = shapeOf(node.outputs[0])
  const target = output && reshapeTarget(shapeOf(origin), output)
  if (!target) return 'more than one size depends on the input'
  const build = new GraphBuilder(node.graph, {before: node})
  const [result] = node.outputs as [Value]
  const merged = build.node('Reshape', [origin, build.ints(target, `${result.name}_shape`)])
  node.graph.moveOutput(result, merged, 0)
  node.graph.remove(node)
  first.graph.remove(first)
  return DONE
}
