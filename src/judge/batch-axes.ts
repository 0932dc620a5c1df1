import {ShapeError} from '../errors.js'
import {namesIn} from '../ir/dim.js'
import type {Model} from '../ir/model.js'
import {tensorType} from '../ir/types.js'
import type {Value} from '../ir/value.js'
import {inferModel} from '../ops/infer-graph.js'
import type {BatchAxes} from '../runtime/inputs/batch-axis.js'

/** Stands for the number of samples; no file has such a name. */
const SAMPLES = '#samples'

/**
 * Where values keep their samples, by shape inference: the first axis of the inputs becomes a name, and what has it among its sizes,
 * once, is counted by it. Of a model for one batch size only (its sizes are numbers) the graph may not allow other sizes: then
 * nothing is known. Changes the types of the model: give it one of its own.
 *
 * @param names of the values wanted; all values of the main graph when absent.
 */
export function batchAxes(model: Model, names?: readonly string[]): BatchAxes {
  for (const input of model.graph.inputs) nameSamples(input)
  try {
    forgetTypes(model)
    inferModel(model)
  } catch (error) {
    if (error instanceof ShapeError) return {}
    throw error
  }
  const wanted = names && new Set(names)
  const values = [...model.graph.inputs, ...model.graph.nodes().flatMap(({outputs}) => outputs)]
  const found = values.flatMap((value) => {
    if (!value || (wanted && !wanted.has(value.name))) return []
    const axis = batchAxisOf(value)
    return axis === undefined ? [] : [[value.name, axis] as const]
  })
  return Object.assign(Object.create(null), Object.fromEntries(found))
}

function nameSamples(input: Value): void {
  if (input.constant || input.type?.kind !== 'tensor' || !input.type.shape || input.type.shape.length === 0) return
  input.type = tensorType(input.type.dtype, [SAMPLES, ...input.type.shape.slice(1)])
}

/** What the file states of values inside, and of outputs, holds for its own batch only. */
function forgetTypes({graph}: Model): void {
  for (const node of graph.allNodes()) {
    for (const value of node.outputs) {
      if (value?.type?.kind === 'tensor') value.type = tensorType(value.type.dtype, undefined)
    }
  }
}

/** A size that only grows with the samples, such as `16 · samples`, does not say in which order its rows are. */
function batchAxisOf({type}: Value): number | undefined {
  const shape = (type?.kind === 'tensor' ? type.shape : undefined) ?? []
  const counted = [...shape.keys()].filter((axis) => namesIn(shape[axis]).includes(SAMPLES))
  const [axis] = counted
  return counted.length === 1 && axis !== undefined && shape[axis] === SAMPLES ? axis : undefined
}
