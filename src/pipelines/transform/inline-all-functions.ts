import type {Model} from '../../ir/model.js'
import {inlineFunctions} from '../../passes/simplify/rules/inline-functions.js'
import {simplifyModel} from '../simplify/simplify-model.js'

/**
 * Turns every call of a model's own functions into nodes, in place: a function's weights stand once for all its calls, and nobody who
 * changes weights may look past them.
 *
 * @param path of the model, for error messages.
 */
export async function inlineAllFunctions(model: Model, path: string): Promise<void> {
  if (model.functions.length === 0) return
  await simplifyModel(model, path, {rules: [inlineFunctions], inputShapes: {}, dims: {}, limitBytes: 0})
}
