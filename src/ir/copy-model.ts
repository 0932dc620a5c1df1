import {copyGraph} from './copy-graph.js'
import type {Model} from './model.js'

/** A copy to be changed, in which every node has its name; tensors are shared with the original, warnings are not. */
export function copyModel(model: Model): Model {
  return {
    ...model,
    graph: copyGraph(model.graph, undefined, undefined, ({name}) => name),
    opsets: new Map(model.opsets),
    metadata: new Map(model.metadata),
    functions: [...model.functions],
    warnings: [],
  }
}
