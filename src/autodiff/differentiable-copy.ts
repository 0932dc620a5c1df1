import {copyGraph} from '../ir/copy-graph.js'
import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import {inferModel, opsetOf} from '../ops/infer-graph.js'
import {lookup} from '../ops/registry.js'
import type {SpecOf} from './backward.js'

/** A model of its own that `backward` can write into, and the records of its operators. */
export interface DifferentiableCopy {
  readonly model: Model
  readonly specOf: SpecOf
}

/**
 * Copies a model and fills in its types for inputs of given shapes; weights are shared with the original, which stays as it is.
 * Known sizes make gradients cheaper: what they say of shapes becomes constant.
 *
 * @param inputShapes input name to its whole shape; inputs that are not named keep their free sizes.
 * @throws ShapeError and UsageError as `inferModel` does.
 */
export function differentiableCopy(
  original: Model,
  inputShapes: Readonly<Record<string, readonly number[]>>,
): DifferentiableCopy {
  const model: Model = {
    graph: copyGraph(original.graph),
    irVersion: original.irVersion,
    opsets: new Map(original.opsets),
    functions: original.functions,
    metadata: new Map(),
    producer: original.producer,
    warnings: [],
  }
  inferModel(model, {inputShapes})
  return {model, specOf: (node: Node) => lookup(node, opsetOf(node, model))}
}
