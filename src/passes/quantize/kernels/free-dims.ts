import type {Dim} from '../../../ir/dim.js'
import type {Value} from '../../../ir/value.js'

/** The size a dimension is expected to have at run time: batch 1, the longest sequence; undefined when nothing is known. */
export type SizeOf = (dim: Dim) => number | undefined

/** How many rows a matrix product sees in its left operand: the product of all dimensions but the last. */
export function rowsOf(value: Value, sizeOf: SizeOf): number | undefined {
  return productOf(value, sizeOf, -1)
}

/** How many elements a tensor is expected to have. */
export function elementsOf(value: Value, sizeOf: SizeOf): number | undefined {
  return productOf(value, sizeOf)
}

function productOf({type}: Value, sizeOf: SizeOf, end?: number): number | undefined {
  if (type?.kind !== 'tensor' || !type.shape) return undefined
  let product = 1
  for (const dim of type.shape.slice(0, end)) {
    const size = sizeOf(dim)
    if (size === undefined) return undefined
    product *= size
  }
  return product
}
