import type {Model} from '../../ir/model.js'
import type {ShapeOptions} from '../../options/common.js'
import {describeInputs, type InputPlan, planInputs} from '../../runtime/inputs/plan-inputs.js'

/** Besides batch 1 and 64 for other free sizes; models may run on some of them only. */
const OTHER_SIZES = [
  {batch: 2, freeSize: 32},
  {batch: 1, freeSize: 512, onlyLast: true},
  {batch: 1, freeSize: 256, onlyLast: true},
] as const

/**
 * Synthetic inputs of other sizes than planned: what says that outputs stayed the same at all sizes, and what is left to try when a
 * model does not run on the planned ones (a signal shorter than its padding). None when all sizes are fixed.
 *
 * @param plan of the usual sizes, as `expectedSizes` makes it for this model.
 */
export function otherSizes(
  model: Model,
  plan: readonly InputPlan[],
  {inputShapes, dims}: ShapeOptions,
): readonly (readonly InputPlan[])[] {
  const feeds = Object.fromEntries(plan.flatMap(({name, fill}) => (fill.kind === 'given' ? [[name, fill.value]] : [])))
  const plans = OTHER_SIZES.map((sizes) => planInputs(model, {...sizes, inputShapes, dims, feeds}))
  const texts = [plan, ...plans].map(describeInputs)
  return plans.filter((_, index) => texts.indexOf(texts[index + 1] as string) === index + 1)
}
