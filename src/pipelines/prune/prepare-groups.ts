import type {Effects} from '../../effects.js'
import type {Model} from '../../ir/model.js'
import {inferModel} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import {separateConstants} from '../../passes/groups/separate-constants.js'
import type {PassReport} from '../../passes/pass.js'
import {castLast} from '../../passes/prune/cast-last.js'
import {ruleOf} from '../../passes/simplify/rule.js'
import {fixExpandTarget} from '../../passes/simplify/rules/fix-expand-target.js'
import {fixReshapeTarget} from '../../passes/simplify/rules/fix-reshape-target.js'
import {foldConstants} from '../../passes/simplify/rules/fold-constants.js'
import {foldShapeArithmetic} from '../../passes/simplify/rules/fold-shape-arithmetic.js'
import {inlineFunctions} from '../../passes/simplify/rules/inline-functions.js'
import {removeDead} from '../../passes/simplify/rules/remove-dead.js'
import {removeZeroState} from '../../passes/simplify/rules/remove-zero-state.js'
import {ConstantFolder} from '../../runtime/fold/constant-folder.js'
import {simplifyModel} from '../simplify/simplify-model.js'

/**
 * Brings a model, in place, to where its groups can be found: what is computed from sizes and constants alone becomes constant, and every reader of a
 * bias gets its own.
 *
 * @param path of the model, for error messages.
 */
export async function prepareGroups(model: Model, path: string, effects: Effects): Promise<PassReport> {
  const folder = new ConstantFolder({signal: effects.signal})
  const rules = [
    inlineFunctions,
    ruleOf(castLast),
    foldShapeArithmetic,
    fixReshapeTarget,
    fixExpandTarget,
    ruleOf(removeZeroState),
    foldConstants,
    ruleOf(removeDead),
  ]
  const options = {rules, limitBytes: 0, inputShapes: {}, dims: {}, evaluate: folder.evaluate}
  const report = await simplifyModel(model, path, options).finally(() => folder.close())
  separateConstants(model.graph, specsOf(model))
  inferModel(model)
  return report
}
