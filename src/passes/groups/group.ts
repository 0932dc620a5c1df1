import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {UnitKind} from '../../ops/op-spec.js'

/** What the units of a group are: output channels of convolutions, neurons and recurrent units, heads of attention, dimensions of every head. */
export type GroupKind = 'channel' | UnitKind

/** One axis of one value, the axis counted from the front. */
export interface AxisOf {
  readonly value: Value
  readonly axis: number
}

/** Where the units of a group stand on one axis of one value. */
export interface GroupMember extends AxisOf {
  /** First position that belongs to the group. */
  readonly start: number
  /** Unit at position start + k; -1 where another group's, or nobody's, lies between. */
  readonly units: Int32Array
}

/** Indices of axes that are one and the same all over a graph: what is done to one must be done to all. */
export interface Group {
  readonly kind: GroupKind
  /** How many units; they are numbered 0 … size − 1 in the order of the axis that the group was found from. */
  readonly size: number
  /** Each axis at most once; activations and constants alike. */
  readonly members: readonly GroupMember[]
  /** The nodes that the group runs through. */
  readonly nodes: ReadonlySet<Node>
  /** Why the group cannot change its size, or undefined when it can. */
  readonly blocked: string | undefined
  /** Why results change although the units that go were zero: a mean over fewer elements. Undefined when they do not. */
  readonly inexact: string | undefined
}
