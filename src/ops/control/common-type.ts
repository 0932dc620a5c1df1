import {sameDim} from '../../ir/dim.js'
import {type Shape, tensorType, type ValueType} from '../../ir/types.js'

/** What holds for a value that is one of two: where they differ, or one is not known, nothing is. */
export function commonType(a: ValueType | undefined, b: ValueType | undefined): ValueType | undefined {
  if (a?.kind === 'tensor' && b?.kind === 'tensor') {
    return tensorType(a.dtype === b.dtype ? a.dtype : undefined, commonShape(a.shape, b.shape))
  }
  if (a?.kind === 'sequence' && b?.kind === 'sequence') {
    return {kind: 'sequence', element: commonType(a.element, b.element)}
  }
  if (a?.kind === 'optional' && b?.kind === 'optional') {
    return {kind: 'optional', element: commonType(a.element, b.element)}
  }
  return undefined
}

function commonShape(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (!a || a.length !== b?.length) return undefined
  return a.map((size, axis) => (sameDim(size, b[axis]) ? size : undefined))
}
