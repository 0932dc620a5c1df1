import {ShapeError} from '../../errors.js'
import {openModel} from '../../io/open-model.js'
import {inferModel, macsOf} from '../../ops/infer-graph.js'
import type {ShapeOptions} from '../../options/common.js'
import {planInputs} from '../../runtime/inputs/plan-inputs.js'

/**
 * Multiply-accumulates of one run of a model file at batch 1, its other free sizes as synthetic inputs have them.
 *
 * @returns undefined where sizes depend on values, or an operator has no record.
 * @throws FileError, ModelError; UsageError for an input without a rank.
 */
export async function macsOfFile(path: string, options: ShapeOptions): Promise<number | undefined> {
  const {model, close} = await openModel(path)
  try {
    const plan = planInputs(model, options)
    inferModel(model, {inputShapes: Object.fromEntries(plan.map(({name, shape}) => [name, shape]))})
    return macsOf(model)
  } catch (error) {
    if (error instanceof ShapeError) return undefined
    throw error
  } finally {
    close()
  }
}
