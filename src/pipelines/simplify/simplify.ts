import type {Effects} from '../../effects.js'
import type {OpenedModel} from '../../io/open-model.js'
import type {Model} from '../../ir/model.js'
import {opsetOf} from '../../ops/infer-graph.js'
import type {PassReport} from '../../passes/pass.js'
import type {Rule} from '../../passes/simplify/rule.js'
import type {SimplifyResult} from '../../results.js'
import {ConstantFolder} from '../../runtime/fold/constant-folder.js'
import {type Changed, type Opened, type TransformOptions, transform} from '../transform/transform.js'
import {preview} from './preview.js'
import {sameOutputs} from './same-outputs.js'
import {simplifyModel} from './simplify-model.js'
import {chosenRules} from './simplify-rules.js'

export interface SimplifyOptions extends TransformOptions {
  /** The opset to write; the model's own when absent. */
  readonly opset?: number | undefined
  readonly dryRun: boolean
  /** Operators that only ONNX Runtime has may be written. */
  readonly fuseOrt: boolean
  /** Names of rules to leave out. */
  readonly skip: readonly string[]
  /** Initializers that are also inputs stay inputs. */
  readonly keepInitializerInputs: boolean
}

type SimplifyFacts = Pick<SimplifyResult, 'nodes' | 'opset' | 'dryRun'>

/** Folded constants may make a file this much larger. The promise is 1 %; names and headers take their part. */
const ALLOWED_GROWTH = 0.005

/**
 * Makes the graph of a model as small as the rules can, and proves that the outputs are the same: on a difference nothing is written
 * and the rule to blame is named.
 *
 * @throws BugError for outputs that differ; UsageError for an unknown rule; as upgradeModel.
 */
export async function simplify(path: string, options: SimplifyOptions, effects: Effects): Promise<SimplifyResult> {
  return simplifyWith(chosenRules(options), path, options, effects)
}

/** As `simplify`, with these rules in place of those that the options choose. */
export async function simplifyWith(
  rules: readonly Rule[],
  path: string,
  options: SimplifyOptions,
  effects: Effects,
): Promise<SimplifyResult> {
  const transformation = {
    command: 'simplify',
    suffix: 'simplified',
    open: {keepInitializerInputs: options.keepInitializerInputs},
    change: (opened: Opened) => change(opened, rules, options, effects),
    exact: (opened: Opened) => {
      const attempt = (file: OpenedModel, some: readonly Rule[]) => run(file, some, options, effects)
      return sameOutputs(opened, {rules, attempt}, options, effects)
    },
  }
  return options.dryRun
    ? preview(path, transformation, options, effects)
    : transform(path, transformation, options, effects)
}

async function change(
  {file, model}: Opened,
  rules: readonly Rule[],
  options: SimplifyOptions,
  effects: Effects,
): Promise<Changed<SimplifyFacts>> {
  const before = {nodes: countNodes(model), opset: opsetOf({domain: ''}, model)}
  effects.progress('simplifying', 0, 0)
  const report = await run(file, rules, options, effects)
  return {
    report,
    facts: {
      nodes: {before: before.nodes, after: countNodes(model)},
      opset: {before: before.opset, after: opsetOf({domain: ''}, model)},
      dryRun: options.dryRun,
    },
  }
}

async function run(
  {model, path, sizeBytes}: OpenedModel,
  rules: readonly Rule[],
  options: SimplifyOptions,
  {signal}: Effects,
): Promise<PassReport> {
  const folder = new ConstantFolder({signal})
  try {
    const limitBytes = Math.floor(sizeBytes * ALLOWED_GROWTH)
    return await simplifyModel(model, path, {...options, rules, limitBytes, evaluate: folder.evaluate})
  } finally {
    await folder.close()
  }
}

/** Nodes of all graphs; what only holds a value is none. */
function countNodes({graph}: Model): number {
  return graph.allNodes().filter(({opType}) => opType !== 'Constant').length
}
