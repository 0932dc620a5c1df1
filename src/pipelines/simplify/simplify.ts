import type {Effects} from '../../effects.js'
import type {OpenedModel} from '../../io/open-model.js'
import type {Model} from '../../ir/model.js'
import {opsetOf} from '../../ops/infer-graph.js'
import type {SimplifyOptions} from '../../options/simplify.js'
import type {PassReport} from '../../passes/pass.js'
import type {Rule} from '../../passes/simplify/rule.js'
import type {SimplifyResult} from '../../results.js'
import {ConstantFolder} from '../../runtime/fold/constant-folder.js'
import {type Opened, openWork} from '../transform/open-work.js'
import {type Changed, proveAndWrite} from '../transform/prove-and-write.js'
import {preview} from './preview.js'
import {sameOutputs} from './same-outputs.js'
import {simplifyModel} from './simplify-model.js'
import {chosenRules} from './simplify-rules.js'

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
  return simplifyWith(chosenRules(options.simplify), path, options, effects)
}

/** As `simplify`, with these rules in place of those that the options choose. */
export async function simplifyWith(
  rules: readonly Rule[],
  path: string,
  options: SimplifyOptions,
  effects: Effects,
): Promise<SimplifyResult> {
  const {keepInitializerInputs, dryRun} = options.simplify
  const verb = {command: 'simplify', suffix: 'simplified', open: {keepInitializerInputs}} as const
  if (dryRun) return preview(path, verb, options, effects, (opened) => change(opened, rules, options, effects))
  const work = await openWork(path, verb, options, effects)
  try {
    const attempt = (file: OpenedModel, some: readonly Rule[]) => run(file, some, options, effects)
    const exact = sameOutputs(work, {rules, attempt}, options, effects)
    return await proveAndWrite(work, {...(await change(work, rules, options, effects)), exact})
  } finally {
    work.file.close()
  }
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
      dryRun: options.simplify.dryRun,
    },
  }
}

async function run(
  {model, path, sizeBytes}: OpenedModel,
  rules: readonly Rule[],
  {simplify, run: {inputShapes, dims}}: SimplifyOptions,
  {signal}: Effects,
): Promise<PassReport> {
  const folder = new ConstantFolder({signal})
  try {
    const limitBytes = Math.floor(sizeBytes * ALLOWED_GROWTH)
    return await simplifyModel(model, path, {
      ...{rules, limitBytes, inputShapes, dims},
      opset: simplify.opset,
      evaluate: folder.evaluate,
    })
  } finally {
    await folder.close()
  }
}

/** Nodes of all graphs; what only holds a value is none. */
function countNodes({graph}: Model): number {
  return graph.allNodes().filter(({opType}) => opType !== 'Constant').length
}
