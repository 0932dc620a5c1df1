import type {Dim} from '../ir/dim.js'
import type {DType} from '../ir/dtype.js'
import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Tensor} from '../ir/tensor.js'
import type {Shape, ValueType} from '../ir/types.js'
import type {Value} from '../ir/value.js'
import type {GradientBuilder} from './gradient-builder.js'

/** What is known of one output. `contents` are the elements of a small integer tensor, row-major: shape arithmetic walks on them. */
export type Inferred =
  | {
      readonly dtype: DType | undefined
      readonly shape: Shape | undefined
      readonly contents?: readonly Dim[] | undefined
    }
  | {readonly type: ValueType | undefined}

export interface InferContext {
  /** Opset version of the operator's domain, in the graph or function the node stands in. */
  readonly opset: number
  constantOf(value: Value | undefined): Tensor | undefined
  /** Elements of a small integer tensor, known or symbolic, row-major. */
  contentsOf(value: Value | undefined): readonly Dim[] | undefined
  /** Infers a subgraph in this context; the types of its inputs are set by the caller. */
  inferGraph(graph: Graph): void
}

/** A capability an operator does not have, and why; the CLI prints the reason. */
export interface Refusal {
  readonly refused: string
}

export function refuse(reason: string): Refusal {
  return {refused: reason}
}

export function isRefusal(slot: unknown): slot is Refusal {
  return typeof slot === 'object' && slot !== null && 'refused' in slot
}

/** Writes the nodes that compute the gradients of the inputs from those of the outputs; undefined where none flows. */
export type GradientRule = (
  build: GradientBuilder,
  node: Node,
  outputGradients: readonly (Value | undefined)[],
) => readonly (Value | undefined)[]

/** How ONNX Runtime runs the operator on integers. */
export type QuantizeFact =
  /** An integer kernel for a constant weight at input `weight`; a constant bias at input `bias` becomes int32. */
  | {readonly as: 'compute'; readonly weight: number; readonly bias?: number; channelAxis(node: Node): number}
  /** Disappears when the range of its output is what the quantizer uses: Relu, Clip. */
  | {readonly as: 'activation'}
  /** An integer kernel with a scale of its own at the output: Add, Mul, GlobalAveragePool. */
  | {readonly as: 'elementwise'}
  /** Moves or selects values: one scale for input and output. `onlyIf` says for which nodes that holds, all when absent. */
  | {readonly as: 'passthrough'; onlyIf?(node: Node): boolean}

/**
 * Where the indices of a tie stand on one axis: index i takes, in each of `copies` copies that lie `stride` apart, the run
 * `offset + i·each … + each`. A channel on its own axis is `{value, axis}`; behind Flatten it is a run (`each`), behind a Concat it
 * has an `offset`, the unit of an LSTM has a copy per gate.
 */
export interface TieMember {
  readonly value: Value
  /** Counted from the front. */
  readonly axis: number
  /** 0 when absent. */
  readonly offset?: number
  /** 1 when absent. */
  readonly each?: number
  /** 1 when absent. */
  readonly copies?: number
  /** size · each when absent: copies side by side. */
  readonly stride?: number
}

/** What the indices of an axis can be, where the operator tells. */
export type UnitKind = 'head' | 'head-dim' | 'hidden unit'

/** Indices that are one and the same: removing one from a member removes it from all. Positions that no tie of a node names stay whole. */
export interface AxisTie {
  readonly size: number
  readonly members: readonly TieMember[]
  /**
   * One of several readings of an axis, as Reshape splits it: as heads, or as dimensions of each head. It holds only for what is
   * removed in that pattern already.
   */
  readonly factor?: true
  /** Why the operator's results change although what goes was zero: a mean is taken over fewer elements. */
  readonly inexact?: string
  readonly kind?: UnitKind
}

/** Input slots that hold learned parameters. Weights are pruned and quantized, biases only trained. */
export interface ParameterSlots {
  readonly weights: readonly number[]
  readonly biases: readonly number[]
}

export const NO_PARAMETERS: ParameterSlots = {weights: [], biases: []}

/** All that mopt knows of one version of one operator. A gap is `refuse('reason')`, never a missing slot. */
export interface OpSpec {
  /** '' (the standard domain) when absent. */
  readonly domain?: string
  readonly type: string
  readonly sinceOpset: number
  /** Types of the outputs, one entry per output. @throws ShapeError when the inputs contradict the operator. */
  infer(node: Node, ctx: InferContext): readonly Inferred[]
  readonly parameters: ParameterSlots
  readonly gradient: GradientRule | Refusal
  readonly quantize: QuantizeFact | Refusal
  /** What is tied to what; refused for a node whose attributes are computed. Types must be inferred. */
  readonly prune: ((node: Node) => readonly AxisTie[] | Refusal) | Refusal
  /** Multiply-accumulates of one run; undefined while a size is unknown. 0 for operators without products. */
  macs(node: Node): number | undefined
  /** How often the subgraphs run, undefined while that is not known; once where there is no such rule. */
  rounds?(node: Node): number | undefined
}
