import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import {opsetOf} from '../../ops/infer-graph.js'
import type {PassReport} from '../../passes/pass.js'
import {passesOf, skippedBy, type WritingOptions} from '../../passes/quantize/execute.js'
import {editsOf, type Wishes} from '../../passes/quantize/plan/option-edits.js'
import {type Edit, EMPTY, type Plan} from '../../passes/quantize/plan/plan.js'
import {streamingNode} from '../../passes/quantize/plan/target.js'
import type {Range} from '../../passes/quantize/static/activation-scale.js'
import {sequence} from '../../passes/sequence.js'
import {removeDead} from '../../passes/simplify/rules/remove-dead.js'
import {splitResidual} from '../../passes/simplify/rules/split-residual.js'
import {stillFloat} from '../transform/still-float.js'
import {type Calibrate, calibratedPlan} from './calibrated-plan.js'
import {nothingToQuantize} from './nothing-to-quantize.js'
import {type PreparedModel, type PrepareOptions, prepareModel} from './prepare-model.js'

export interface GraphOptions extends Omit<PrepareOptions, 'hasRanges'>, WritingOptions, Wishes {
  /** Further edits, before those of the wishes. */
  readonly edits?: readonly Edit[]
  /** Runs the prepared model on the calibration data; absent without `--data`. */
  readonly calibrate?: Calibrate | undefined
  /** The nodes whose values pass float16's range; not looked for when absent. */
  readonly nodesBeyond?: ((model: Model) => Promise<ReadonlyMap<Node, string>>) | undefined
}

/**
 * Quantizes a model's graph: prepared, planned, calibrated, and the plan carried out.
 *
 * @throws UnsupportedOpError when the opset lacks the operators and a node has no equal in a newer one; UnsupportedError when
 *   nothing could be quantized.
 */
export async function quantizeGraph(model: Model, options: GraphOptions): Promise<PassReport> {
  const {calibrate, mode, provider, edits = []} = options
  const prepared = await prepareModel(model, {...options, hasRanges: calibrate !== undefined})
  const isComputed = mode === 'float16' && provider !== 'cpu'
  const beyondFloat16 = isComputed ? await options.nodesBeyond?.(model) : undefined
  const target = {...prepared.target, beyondFloat16}
  const {plan, ranges} = await calibratedPlan(model.graph, target, [...edits, ...editsOf(options)], calibrate)
  return executePlan({...prepared, target}, plan, ranges, options)
}

/**
 * Carries out a plan of a prepared model, in place.
 *
 * @throws UnsupportedError when it quantizes nothing.
 */
export async function executePlan(
  {model, target, report, computed, halves}: PreparedModel,
  plan: Plan,
  ranges: ReadonlyMap<string, Range>,
  options: WritingOptions,
): Promise<PassReport> {
  const {graph} = model
  warnOfStates(model, plan, target)
  const planned = skippedOf(plan)
  const split = splitResidual.create({opsetOf: (node) => opsetOf(node, model)})
  const last = options.provider === 'cpu' ? [split, removeDead] : [removeDead]
  const quantized = await sequence(...(await passesOf(model, plan, ranges, options)), ...last).run(graph)
  importDomains(model)
  const skipped = [...planned, ...quantized.skipped]
  if (!quantized.changed.some(({form}) => form !== undefined)) throw nothingToQuantize(model, [...skipped, ...computed])
  // what reads a table with others may have become integers with them
  const done = new Set(quantized.changed.map(({node}) => node))
  const left = [...stillFloat(model, skipped), ...computed.filter(({node}) => !done.has(node))]
  const reports = [halves?.report, report, quantized, await halves?.narrow()]
  return {
    changed: reports.flatMap((one) => one?.changed ?? []),
    // in float16 every node that stays in float32 counts, weights or not
    skipped: target.mode === 'float16' ? quantized.skipped : left,
  }
}

/** What a plan leaves in float, and what computes in float for want of data. */
function skippedOf(plan: Plan) {
  const empty = [...plan.choices.values()].filter(({form, because}) => form !== 'float' && because === EMPTY)
  return [...skippedBy(plan), ...empty.map(({node: {name, opType}}) => ({node: name, op: opType, reason: EMPTY}))]
}

function warnOfStates(model: Model, {choices}: Plan, target: PreparedModel['target']): void {
  const node = streamingNode(model.graph, target)
  if (!node || [...choices.values()].some(({form}) => form !== 'float16' && form !== 'float')) return
  model.warnings.push({
    code: 'STATE_FED_BACK',
    message: `${node.opType} '${node.name}' gets its state from an input: weights are stored as float16, errors of 8 bits add up in it`,
    hint: "--override '.*=int8' stores them as int8 all the same",
  })
}

/** The runtime's own operators need their domain in the file's imports. */
function importDomains(model: Model): void {
  const own = model.graph.allNodes().some(({domain}) => domain === 'com.microsoft')
  if (own && !model.opsets.has('com.microsoft')) model.opsets.set('com.microsoft', 1)
}
