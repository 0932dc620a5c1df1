import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {permutationOf} from '../patterns/permutation.js'

/** Transpose after Transpose becomes one. */
export const mergeTransposes: Pass = nodeRule({name: 'merge-transposes', types: ['Transpose'], attempt})

function attempt(node: Node): Outcome {
  const first = node.inputs[0]?.producer
  if (first?.opType !== 'Transpose' || first.domain !== '' || !first.inputs[0]) return undefined
  const [before, after] = [permutationOf(first), permutationOf(node)]
  if (!before || !after) return 'its rank is not known'
  node.set(
    'perm',
    after.map((axis) => before[axis] as number),
  )
  node.graph.setInput(node, 0, first.inputs[0])
  const between = first.outputs[0] as Value
  if (between.uses.size === 0) first.graph.remove(first)
  return DONE
}
