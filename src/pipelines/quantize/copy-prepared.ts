import {copyGraph} from '../../ir/copy-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PreparedModel} from './prepare-model.js'

/** A copy of a prepared model in which every node has its name, for a plan that is tried. Tensors are shared. */
export function copyPrepared({model, target, report, computed}: PreparedModel): PreparedModel {
  const copy = {
    ...model,
    graph: copyGraph(model.graph, undefined, undefined, ({name}) => name),
    opsets: new Map(model.opsets),
    metadata: new Map(model.metadata),
    functions: [...model.functions],
    warnings: [],
  }
  return {model: copy, target: {...target, specOf: specsOf(copy)}, report, computed, halves: undefined}
}
