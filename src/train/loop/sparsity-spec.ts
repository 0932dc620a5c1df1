import type {RowLayout} from '../../ir/layer-profile.js'

/** A constant by its name, and how it is laid out. */
export interface SparseWeight {
  readonly name: string
  readonly layout: RowLayout
}

/** Gradual pruning: more and more of some weights become zero while the others learn to do without them. Plain data. */
export interface SparsitySpec {
  /** Share of the weights that is zero at the end, 0..1; zeros that are there already count. */
  readonly target: number
  /** The share of all of them, from where it costs least; or of every weight. */
  readonly scope: 'global' | 'layer'
  /** The constants that are pruned. */
  readonly weights: readonly SparseWeight[]
  /** Share of all updates at which the target is reached; what follows recovers. */
  readonly rampShare: number
  /** Times that weights go, evenly over the ramp. */
  readonly cuts: number
}
