import type {Feeds} from '../../data/dataset.js'
import {UsageError} from '../../errors.js'
import type {Model} from '../../ir/model.js'
import type {ShapeOptions} from '../../options/common.js'
import {describeInputs, type InputPlan, planInputs} from '../../runtime/inputs/plan-inputs.js'
import {otherSizes} from './other-sizes.js'
import {usualSizes} from './usual-sizes.js'

/** Made-up inputs for the proof and the timing: nothing of them goes into the file, or decides what goes there. */
export interface ProofSizes {
  /** Of the sizes that the model is usually run with. */
  readonly plan: readonly InputPlan[]
  /** Of other sizes, on which exact changes are proved as well. */
  readonly variants: readonly (readonly InputPlan[])[]
  /** Of still other sizes, the first of which the model runs with is taken where it runs with none of those before. */
  readonly fallbacks: readonly (readonly InputPlan[])[]
}

interface Given extends ShapeOptions {
  readonly feeds?: Feeds | undefined
  /** input name → its shape in the proof. */
  readonly checkShapes?: Readonly<Record<string, readonly number[]>> | undefined
}

/**
 * The sizes that `--check-shape` says, and no others; else those that the graph tells or allows, the likeliest first.
 *
 * @throws UsageError for a shape that does not fit the model or what other flags fix.
 */
export function proofSizes(model: Model, options: Given): ProofSizes {
  const {checkShapes = {}, inputShapes, dims, feeds} = options
  const names = Object.keys(checkShapes)
  if (names.length > 0) {
    for (const name of names) requireFit(name, checkShapes[name] ?? [], inputShapes[name])
    const shapes = {...inputShapes, ...checkShapes}
    return {
      plan: planInputs(model, {inputShapes: shapes, dims, feeds, shapeFlag: '--check-shape'}),
      variants: [],
      fallbacks: [],
    }
  }
  const usual = usualSizes(model, options)
  const plans = usual.map((shapes) => planInputs(model, {inputShapes: {...inputShapes, ...shapes}, dims, feeds}))
  const plain = planInputs(model, {inputShapes, dims, feeds})
  const [plan = plain, ...more] = plans
  const variants = distinct([plan], [...otherSizes(model, plan, options), plain])
  return {plan, variants, fallbacks: distinct([plan, ...variants], more)}
}

function requireFit(name: string, wanted: readonly number[], frozen: readonly number[] | undefined): void {
  if (!frozen || frozen.join() === wanted.join()) return
  throw new UsageError(
    `--check-shape ${name}=${wanted.join(',')}: expected the shape that --input-shape fixes, [${frozen.join(',')}]`,
    {hint: 'Leave one of the two out'},
  )
}

type Plans = readonly (readonly InputPlan[])[]

/** Each set of shapes once, without those of the first. */
function distinct(first: Plans, plans: Plans): Plans {
  const seen = new Set(first.map(describeInputs))
  return plans.filter((plan) => {
    const text = describeInputs(plan)
    return !seen.has(text) && seen.add(text)
  })
}
