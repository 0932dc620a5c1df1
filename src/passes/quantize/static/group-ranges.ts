import type {Value} from '../../../ir/value.js'
import type {IntegerSpans} from '../plan/integer-spans.js'
import {type ActivationType, activationScale, type Range} from './activation-scale.js'
import {narrowed, toldApart} from './told-apart.js'

/** The range each activation's integers span: its own, or that of all that share its scale, without what no reader tells apart. */
export class GroupRanges {
  readonly #edges: ReadonlyMap<Value, Range>

  /** @param ranges what calibration saw, by name. To be made while the readers are still the float graph's. */
  constructor(
    private readonly plan: IntegerSpans,
    private readonly ranges: ReadonlyMap<string, Range>,
  ) {
    this.#edges = new Map(plan.tensors.map((value) => [value, toldApart(value)]))
  }

  of(value: Value): Range {
    const {groups, tensors} = this.plan
    const root = groups.rootOf(value)
    const seen = tensors.flatMap((member) => {
      const range = groups.rootOf(member) === root ? this.ranges.get(member.name) : undefined
      return range ? [narrowed(range, this.#edges.get(member) ?? range)] : []
    })
    return {min: Math.min(...seen.map(({min}) => min)), max: Math.max(...seen.map(({max}) => max))}
  }

  /** Where each tensor's integers saturate, by name. */
  saturation(type: ActivationType = 'uint8'): Map<string, Range> {
    return new Map(this.plan.tensors.map((value) => [value.name, saturation(this.of(value), type)]))
  }
}

const STEPS = 255

function saturation(range: Range, type: ActivationType): Range {
  const {scale, zeroPoint} = activationScale(range, type)
  const fromLowest = type === 'int8' ? zeroPoint + 128 : zeroPoint
  return {min: -fromLowest * scale, max: (STEPS - fromLowest) * scale}
}
