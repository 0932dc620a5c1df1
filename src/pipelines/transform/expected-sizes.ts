import type {Feeds} from '../../data/dataset.js'
import {type Dim, evaluateDim} from '../../ir/dim.js'
import type {Model} from '../../ir/model.js'
import type {ShapeOptions} from '../../options/common.js'
import {type InputPlan, planInputs} from '../../runtime/inputs/plan-inputs.js'

/** What a model will be fed, and what that makes of its free dimensions. */
export interface ExpectedSizes {
  readonly plan: readonly InputPlan[]
  /** The size of a dimension under the plan; undefined when it depends on values. */
  sizeOf(dim: Dim): number | undefined
}

interface SizeOptions extends ShapeOptions {
  readonly feeds?: Feeds | undefined
  /** Size of a free first dimension; 1 when absent. */
  readonly batch?: number | undefined
}

/**
 * Binds the free dimensions of the inputs to the sizes they will have at run time: what the flags say, the batch, the longest
 * sequence the model takes. Rules that weigh speed need numbers; nothing of this goes into the file.
 */
export function expectedSizes(model: Model, {inputShapes, dims, feeds, batch}: SizeOptions): ExpectedSizes {
  const plan = planInputs(model, {inputShapes, dims, feeds, batch})
  const sizes: Record<string, number> = Object.create(null)
  for (const input of model.graph.inputs) {
    const planned = plan.find(({name}) => name === input.name)
    const shape = input.type?.kind === 'tensor' ? (input.type.shape ?? []) : []
    shape.forEach((dim, axis) => {
      const size = planned?.shape[axis]
      if (typeof dim === 'string' && size !== undefined) sizes[dim] = size
    })
  }
  const sizeOf = (dim: Dim) => {
    const size = evaluateDim(dim, sizes)
    return typeof size === 'number' ? size : undefined
  }
  return {plan, sizeOf}
}
