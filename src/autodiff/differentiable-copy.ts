import {copyInto} from '../ir/copy-graph.js'
import {Graph} from '../ir/graph.js'
import type {Model} from '../ir/model.js'
import type {Value} from '../ir/value.js'
import {inferModel} from '../ops/infer-graph.js'
import {specsOf} from '../ops/specs-of.js'
import type {SpecOf} from './backward.js'

/** A model of its own that `backward` can write into, and the records of its operators. */
export interface DifferentiableCopy {
  readonly model: Model
  /** What the original's outputs are here. The copy's graph has no outputs yet: who asks for one decides. */
  readonly outputs: ReadonlyMap<string, Value>
  readonly specOf: SpecOf
}

interface CopyOptions {
  /** Input name to its whole shape; inputs that are not named keep their free sizes. */
  readonly inputShapes?: Readonly<Record<string, readonly number[]>>
  /** Changes the copy before its types are filled in. */
  readonly prepare?: (graph: Graph, specOf: SpecOf) => void
}

/**
 * Copies a model and fills in its types for inputs of given shapes; weights are shared with the original, which stays as it is.
 * Known sizes make gradients cheaper: what they say of shapes becomes constant.
 *
 * @throws ShapeError and UsageError as `inferModel` does.
 */
export function differentiableCopy(original: Model, options: CopyOptions = {}): DifferentiableCopy {
  const {inputShapes = {}, prepare} = options
  const graph = new Graph(original.graph.name)
  const known = new Map<Value, Value>()
  for (const input of original.graph.inputs) known.set(input, graph.addInput(input.name, input.type))
  const made = copyInto(original.graph, {graph, known})
  const model: Model = {
    graph,
    irVersion: original.irVersion,
    opsets: new Map(original.opsets),
    functions: original.functions,
    metadata: new Map(),
    producer: original.producer,
    warnings: [],
  }
  const specOf = specsOf(model)
  prepare?.(graph, specOf)
  inferModel(model, {inputShapes})
  const outputs = original.graph.outputs.map(({name}, index): [string, Value] => [name, made[index] as Value])
  return {model, outputs: new Map(outputs), specOf}
}
