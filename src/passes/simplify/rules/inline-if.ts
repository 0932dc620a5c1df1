import {copyGraph, copyInto} from '../../../ir/copy-graph.js'
import type {Node} from '../../../ir/node.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {uniformValue} from '../patterns/uniform-value.js'
import {takeOver} from '../redirect.js'

/** Puts the branch that always runs in place of an If with a constant condition. */
export const inlineIf: Pass = nodeRule({name: 'inline-if', types: ['If'], attempt})

function attempt(node: Node): Outcome {
  const condition = uniformValue(node.inputs[0])
  if (condition === undefined) return undefined
  const branch = node.subgraph(condition === 0 ? 'else_branch' : 'then_branch')
  if (!branch) return 'it lacks the branch'
  const {graph} = node
  // a copy outside, so that the branch's names are free again when it comes back
  const copy = copyGraph(branch)
  const place = graph.insertBefore(node, {opType: 'If', inputs: [], outputs: 0})
  node.outputs.forEach((value, slot) => {
    if (value) graph.moveOutput(value, place, slot)
  })
  graph.remove(node)
  takeOver(place, copyInto(copy, {graph, before: place, known: new Map()}))
  graph.remove(place)
  copy.dissolve()
  return DONE
}
