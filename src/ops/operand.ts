import type {Dim} from '../ir/dim.js'
import type {DType} from '../ir/dtype.js'
import type {Node} from '../ir/node.js'
import type {Shape} from '../ir/types.js'
import type {Value} from '../ir/value.js'

/** What is known of a tensor; both parts undefined for a missing optional input and for values that are no tensors. */
export interface Operand {
  readonly dtype: DType | undefined
  readonly shape: Shape | undefined
}

export function operandOf(value: Value | undefined): Operand {
  if (value?.type?.kind !== 'tensor') return {dtype: undefined, shape: undefined}
  return {dtype: value.type.dtype, shape: value.type.shape}
}

export function operand(node: Node, index: number): Operand {
  return operandOf(node.inputs[index])
}

export function dtypeOf(value: Value | undefined): DType | undefined {
  return operandOf(value).dtype
}

export function shapeOf(value: Value | undefined): Shape | undefined {
  return operandOf(value).shape
}

/** A shape of which only the rank is known. */
export function unknownSizes(rank: number): Shape {
  return Array.from({length: rank}, (): Dim => undefined)
}

/** Ten times more than any runtime takes: what claims to have more is damaged, and must not fill the memory. */
const MAX_RANK = 100

/** A shape whose rank is computed; undefined when that is not known, or none that a tensor can have. */
export function sizesOfRank(rank: Dim): Shape | undefined {
  return typeof rank === 'number' && rank >= 0 && rank <= MAX_RANK ? unknownSizes(rank) : undefined
}

/** The shape with the size at one (not negative) axis replaced. */
export function withSize(shape: Shape, axis: number, size: Dim): Shape {
  return shape.map((old, index) => (index === axis ? size : old))
}
