import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import {opsetOf} from './infer-graph.js'
import type {OpSpec} from './op-spec.js'
import {lookup} from './registry.js'

/** The operator record that holds for a node, at the opset of its model; undefined for operators mopt does not know. */
export type SpecOf = (node: Node) => OpSpec | undefined

/** The operator record of each node of a model. */
export function specsOf(model: Pick<Model, 'opsets'>): SpecOf {
  return (node) => lookup(node, opsetOf(node, model))
}
