import type {Graph} from '../../ir/graph.js'
import {decide} from '../../passes/quantize/plan/decide.js'
import {type Edit, EMPTY, type Plan} from '../../passes/quantize/plan/plan.js'
import type {Target} from '../../passes/quantize/plan/target.js'
import type {Range} from '../../passes/quantize/static/activation-scale.js'
import {valuesBeforeOutputs} from '../../passes/quantize/static/before-outputs.js'

/**
 * Measures the named tensors of a prepared model; those without any element are missing.
 *
 * @param uncut those whose extremes must not be cut off: what becomes an output.
 */
export type Calibrate = (tensors: readonly string[], uncut: ReadonlySet<string>) => Promise<ReadonlyMap<string, Range>>

export interface CalibratedPlan {
  readonly plan: Plan
  /** Of the plan's tensors, by name. */
  readonly ranges: ReadonlyMap<string, Range>
  /** Those that made it. */
  readonly edits: readonly Edit[]
}

/** A plan in which every tensor has a range: what a tensor without elements feeds stays float. */
export async function calibratedPlan(
  graph: Graph,
  target: Target,
  wanted: readonly Edit[],
  calibrate: Calibrate | undefined,
): Promise<CalibratedPlan> {
  const edits = [...wanted]
  for (;;) {
    const plan = decide(graph, target, edits)
    const {tensors, integer, compute} = plan.spans
    const names = tensors.map(({name}) => name)
    const uncut = valuesBeforeOutputs(graph, (node) => compute.has(node))
    const uncutNames = new Set([...uncut].map(({name}) => name))
    const ranges = names.length > 0 && calibrate ? await calibrate(names, uncutNames) : new Map<string, Range>()
    const empty = calibrate ? tensors.filter(({name}) => !ranges.has(name)) : []
    const readers = empty.flatMap(({consumers}) => consumers.filter((node) => integer.has(node)))
    if (readers.length === 0) return {plan, ranges, edits}
    edits.unshift({match: {nodes: new Set(readers.map(({name}) => name))}, to: 'not static', because: EMPTY})
  }
}
