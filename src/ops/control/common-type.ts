import {sameDim} from '../../ir/dim.js'
import {type Shape, tensorType, type ValueType} from '../../ir/types.js'
import type {Inferred} from '../op-spec.js'

/** What holds for a value that is one of two: sizes in which they differ are unknown. */
export function commonType(a: ValueType | undefined, b: ValueType | undefined): Inferred {
  if (a?.kind !== 'tensor' || b?.kind !== 'tensor') return {type: a?.kind === b?.kind ? a : undefined}
  return {type: tensorType(a.dtype === b.dtype ? a.dtype : undefined, commonShape(a.shape, b.shape))}
}

function commonShape(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (!a || a.length !== b?.length) return undefined
  return a.map((size, axis) => (sameDim(size, b[axis]) ? size : undefined))
}
