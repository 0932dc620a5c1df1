import type {Model} from '../../ir/model.js'
import {inferModel} from '../../ops/infer-graph.js'
import type {ShapeOptions} from '../../options/common.js'
import type {PassReport} from '../../passes/pass.js'
import type {Evaluate, Rule} from '../../passes/simplify/rule.js'
import {inlineFunctions} from '../../passes/simplify/rules/inline-functions.js'
import {simplifyGraph} from '../../passes/simplify/simplify-graph.js'
import {upgradeModel} from '../../passes/upgrade/upgrade-model.js'
import {dropUncalledFunctions, functionBodies} from '../transform/function-bodies.js'

export interface SimplifyModelOptions extends ShapeOptions {
  readonly rules: readonly Rule[]
  /** The opset to write; the model's own when absent. */
  readonly opset?: number | undefined
  readonly evaluate?: Evaluate | undefined
  /** Bytes by which folded constants may make the file larger. */
  readonly limitBytes: number
}

/**
 * Fixes the sizes that are given, raises the opset where asked to, and runs the rules. Changes the model in place. Functions are inlined
 * first: their bodies have opsets of their own.
 *
 * @param path of the model, for error messages.
 * @throws as inferModel and upgradeModel.
 */
export async function simplifyModel(model: Model, path: string, options: SimplifyModelOptions): Promise<PassReport> {
  const {rules, opset, inputShapes, dims, evaluate, limitBytes} = options
  inferModel(model, {inputShapes, dims})
  const shared = {evaluate, limitBytes, functionBody: functionBodies(model, path)}
  const reports: PassReport[] = []
  if (opset !== undefined) {
    const inline = rules.filter((rule) => rule === inlineFunctions)
    reports.push(await simplifyGraph(model, {...shared, rules: inline}), await upgradeModel(model, opset))
  }
  const last = await simplifyGraph(model, {...shared, rules})
  dropUncalledFunctions(model)
  settleImports(model)
  return {changed: [...reports, last].flatMap(({changed}) => changed), skipped: last.skipped}
}

/** Domains nobody uses go, those of new operators come; the standard domain is always named. */
function settleImports(model: Model): void {
  const used = new Set(model.graph.allNodes().map(({domain}) => domain))
  if (model.functions.length === 0) {
    for (const domain of model.opsets.keys()) {
      if (domain !== '' && domain !== 'ai.onnx' && !used.has(domain)) model.opsets.delete(domain)
    }
  }
  if (used.has('com.microsoft') && !model.opsets.has('com.microsoft')) model.opsets.set('com.microsoft', 1)
}
