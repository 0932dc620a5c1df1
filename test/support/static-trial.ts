import {expect} from 'chai'
import type {Model} from '../../src/ir/model.js'
import type {WeightType} from '../../src/passes/quantize/numbers/weight-type.js'
import {type PlanOptions, planStatic, type StaticPlan} from '../../src/passes/quantize/plan/static-plan.js'
import type {ActivationType, Range} from '../../src/passes/quantize/static/activation-scale.js'
import {quantizeStatic} from '../../src/passes/quantize/static/static.js'
import {removeDead} from '../../src/passes/simplify/rules/remove-dead.js'
import {apply, type Comparison, compareAround, type Feeds, modelOf, specsFor, type Write} from './pass-trial.js'
import {runGraph} from './run-graph.js'

export interface StaticTrialOptions extends Partial<Omit<PlanOptions, 'specOf'>> {
  readonly perChannel?: boolean
  readonly peak?: number
  readonly opset?: number
  readonly activations?: ActivationType
  /** Of all weights; int8 when absent. */
  readonly type?: WeightType
}

export interface StaticTrial extends Comparison {
  readonly plan: StaticPlan
  readonly ranges: ReadonlyMap<string, Range>
}

export function planOf(model: Model, options: Partial<Omit<PlanOptions, 'specOf'>> = {}): StaticPlan {
  return planStatic(model.graph, {...options, specOf: specsFor(model)})
}

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
  const {opset = 17, perChannel = true, peak, activations, type, ...planning} = options
  const names = planOf(modelOf(write, opset), planning).tensors.map(({name}) => name)
  const ranges = await rangesOf(write, names, feeds, opset)
  let plan: StaticPlan | undefined
  const passFor = (model: Model) => {
    plan = planOf(model, planning)
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
  return {...comparison, plan: plan as StaticPlan, ranges}
}
