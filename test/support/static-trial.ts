import {expect} from 'chai'
import type {Model} from '../../src/ir/model.js'
import type {Skip} from '../../src/passes/pass.js'
import type {WeightType} from '../../src/passes/quantize/numbers/weight-type.js'
import {decide} from '../../src/passes/quantize/plan/decide.js'
import {type Writer, writerOf} from '../../src/passes/quantize/plan/form.js'
import type {IntegerSpans} from '../../src/passes/quantize/plan/integer-spans.js'
import type {Edit} from '../../src/passes/quantize/plan/plan.js'
import type {Target} from '../../src/passes/quantize/plan/target.js'
import type {ActivationType, Range} from '../../src/passes/quantize/static/activation-scale.js'
import {quantizeStatic} from '../../src/passes/quantize/static/static.js'
import {removeDead} from '../../src/passes/simplify/rules/remove-dead.js'
import {apply, type Comparison, compareAround, type Feeds, modelOf, specsFor, type Write} from './pass-trial.js'
import {runGraph} from './run-graph.js'

export interface StaticTrialOptions {
  readonly edits?: readonly Edit[]
  readonly perChannel?: boolean
  readonly peak?: number
  readonly opset?: number
  readonly activations?: ActivationType
  /** Of all weights; int8 when absent. */
  readonly type?: WeightType
}

export interface StaticTrial extends Comparison {
  readonly plan: IntegerSpans
  readonly ranges: ReadonlyMap<string, Range>
}

/** Where integers run by the rules of static quantization, and what does not run on them and why. */
export interface TrialPlan extends IntegerSpans {
  readonly skipped: readonly Skip[]
}

/** What the rules of `--mode static` make of a model, edits first; as if for inputs so large that no first layers are better off in float. */
export function planOf(model: Model, edits: readonly Edit[] = [], changes: Partial<Target> = {}): TrialPlan {
  const target: Target = {
    ...{mode: 'static', weights: 'int8', format: 'qdq', blockSize: 32, perChannel: true, provider: 'cpu'},
    ...{sizeOf: () => LARGE, specOf: specsFor(model), opset: 17, hasRanges: true, ...changes},
  }
  const plan = decide(model.graph, target, edits)
  const others = [...plan.choices.values()].filter(({form}) => !ON_INTEGERS.has(writerOf(form)))
  const skipped = others.map(({node: {name, opType}, because}) => ({node: name, op: opType, reason: because}))
  return {...plan.spans, skipped}
}

const ON_INTEGERS: ReadonlySet<Writer> = new Set(['static', 'integer', 'absorbed'] as const)

/** Float stems are for tensors that fit a cache. */
const LARGE = 10_000

/** What ONNX Runtime itself computes for the named tensors on these inputs, as ranges. */
export async function rangesOf(write: Write, names: readonly string[], feeds: Feeds, opset = 17) {
  const model = modelOf(write, opset)
  const values = [...model.graph.inputs, ...model.graph.nodes().flatMap((node) => node.outputs)]
  for (const name of names) {
    const value = values.find((candidate) => candidate?.name === name)
    if (value && !model.graph.outputs.includes(value)) model.graph.addOutput(value)
  }
  const results = await runGraph(model, feeds)
  return new Map(
    names.map((name): [string, Range] => {
      const data = Array.from(results[name]?.data ?? [], Number)
      expect(data, name).not.to.be.empty
      return [name, {min: Math.min(...data), max: Math.max(...data)}]
    }),
  )
}

/**
 * Plans, calibrates on the same inputs that are compared, quantizes, and runs both graphs: the written one with all of
 * ONNX Runtime's optimizations, so integer kernels really run.
 */
export async function tryStatic(write: Write, feeds: Feeds, options: StaticTrialOptions = {}): Promise<StaticTrial> {
  const {opset = 17, perChannel = true, peak, activations, type, edits} = options
  const names = planOf(modelOf(write, opset), edits).tensors.map(({name}) => name)
  const ranges = await rangesOf(write, names, feeds, opset)
  let plan: IntegerSpans | undefined
  const passFor = (model: Model) => {
    plan = planOf(model, edits)
    return quantizeStatic({
      plan,
      ranges,
      perChannel,
      ...(peak && {peak}),
      ...(activations && {activations}),
      ...(type && {typeOf: () => type}),
    })
  }
  const comparison = await compareAround(write, feeds, passFor, {opset, optimization: 'all'})
  await apply(removeDead, comparison.model)
  return {...comparison, plan: plan as IntegerSpans, ranges}
}
