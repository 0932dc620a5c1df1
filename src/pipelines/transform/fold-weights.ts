import type {Effects} from '../../effects.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PassReport, Skip} from '../../passes/pass.js'
import {castLast} from '../../passes/prune/cast-last.js'
import {storedWeight} from '../../passes/prune/stored-values.js'
import {ruleOf} from '../../passes/simplify/rule.js'
import {foldConstants} from '../../passes/simplify/rules/fold-constants.js'
import {removeDead} from '../../passes/simplify/rules/remove-dead.js'
import {ConstantFolder} from '../../runtime/fold/constant-folder.js'
import {simplifyModel} from '../simplify/simplify-model.js'
import {computedWeights} from './still-float.js'

/**
 * Computes the weights that the file derives from constants, in place, where the file does not grow by it: what is computed while the
 * model runs can't be pruned. A model without such weights stays as it is.
 *
 * @param path of the model, for error messages.
 * @returns as skipped, the layers whose weights are still computed, and why.
 */
export async function foldWeights(model: Model, path: string, effects: Effects): Promise<PassReport> {
  const nothing = {changed: [], skipped: []}
  if (stillComputed(model, nothing).length === 0) return nothing
  const folder = new ConstantFolder({signal: effects.signal})
  // first the casts: what folding once left it does not try again
  const rules = [ruleOf(castLast), foldConstants, ruleOf(removeDead)]
  const options = {rules, limitBytes: 0, inputShapes: {}, dims: {}, evaluate: folder.evaluate}
  const report = await simplifyModel(model, path, options).finally(() => folder.close())
  return {changed: report.changed, skipped: stillComputed(model, report)}
}

/** Widening is not arithmetic: pruning looks through it. */
function stillComputed(model: Model, {skipped}: PassReport): Skip[] {
  const stored = model.graph.allNodes().filter((node) => readsStored(node, model))
  const names = new Set(stored.map(({name}) => name))
  return computedWeights(model, skipped).filter(({node}) => !names.has(node))
}

function readsStored(node: Node, model: Model): boolean {
  const slots = specsOf(model)(node)?.parameters.weights ?? []
  return slots.some((slot) => storedWeight(node.inputs[slot]))
}
