import {copyModel} from '../../ir/copy-model.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PreparedModel} from './prepare-model.js'

/** A copy of a prepared model in which every node has its name, for a plan that is tried. Tensors are shared. */
export function copyPrepared({model, target, report, computed}: PreparedModel): PreparedModel {
  const copy = copyModel(model)
  const {beyondFloat16} = target
  const byName = new Map([...(beyondFloat16 ?? [])].map(([{name}, reason]) => [name, reason]))
  const beyond = copy.graph.allNodes().flatMap((node) => {
    const reason = byName.get(node.name)
    return reason === undefined ? [] : [[node, reason] as const]
  })
  const copied = {...target, specOf: specsOf(copy), beyondFloat16: beyondFloat16 && new Map(beyond)}
  return {model: copy, target: copied, report, computed, halves: undefined}
}
