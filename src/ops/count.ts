import {type Dim, mulDims} from '../ir/dim.js'
import type {Shape} from '../ir/types.js'
import type {Value} from '../ir/value.js'
import {shapeOf} from './operand.js'

/** How many elements a shape holds, as a size; unknown with an unknown shape. */
export function countOf(shape: Shape | undefined): Dim {
  return shape && mulDims(1, ...shape)
}

/** The product as a number; undefined while one size is not a number. */
export function knownProduct(sizes: Shape | undefined): number | undefined {
  const count = countOf(sizes)
  return typeof count === 'number' ? count : undefined
}

/** The number of elements of a value, if known. */
export function knownCount(value: Value | undefined): number | undefined {
  return knownProduct(shapeOf(value))
}
