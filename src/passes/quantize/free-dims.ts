import type {Dim} from '../../ir/dim.js'
import type {Value} from '../../ir/value.js'

/** The size a dimension is expected to have at run time: batch 1, the longest sequence; undefined when nothing is known. */
export type SizeOf = (dim: Dim) => number | undefined

/** How many rows a matrix product sees in its left operand: the product of all dimensions but the last. */
export function rowsOf(value: Value, sizeOf: SizeOf): number | undefined {
  if (value.type?.kind !== 'tensor' || !value.type.shape) return undefined
  let rows = 1
  for (const dim of value.type.shape.slice(0, -1)) {
    const size = sizeOf(dim)
    if (size === undefined) return undefined
    rows *= size
  }
  return rows
}
