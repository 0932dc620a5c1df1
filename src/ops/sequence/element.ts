import type {Node} from '../../ir/node.js'
import {type TensorType, tensorType, type ValueType} from '../../ir/types.js'
import type {OpSpec} from '../op-spec.js'
import {record} from '../record.js'
import {NO_CHANNELS, NO_GRADIENT, NOT_FLOAT} from '../slots.js'

/** The record of an operator on sequences and optionals: they carry values, they compute none. */
export function container(type: string, sinceOpset: number, infer: OpSpec['infer']): OpSpec {
  return record({type, sinceOpset, infer, gradient: NO_GRADIENT, quantize: NOT_FLOAT, prune: NO_CHANNELS})
}

/** What the elements of a sequence are; of an optional sequence too. Undefined for other values. */
export function elementType(node: Node, index: number): ValueType | undefined {
  const type = node.inputs[index]?.type
  const sequence = type?.kind === 'optional' ? type.element : type
  return sequence?.kind === 'sequence' ? sequence.element : undefined
}

export function elementTensor(node: Node, index: number): TensorType {
  const type = elementType(node, index)
  return type?.kind === 'tensor' ? type : tensorType(undefined, undefined)
}
