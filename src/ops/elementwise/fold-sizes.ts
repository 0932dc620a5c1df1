import type {Dim} from '../../ir/dim.js'

/** An operation on two vectors of sizes, element by element; one element stretches. Undefined when a vector is, or lengths differ. */
export function foldSizes(
  a: readonly Dim[] | undefined,
  b: readonly Dim[] | undefined,
  fold: (a: Dim, b: Dim) => Dim,
): Dim[] | undefined {
  if (!a || !b) return undefined
  const length = a.length === 1 ? b.length : a.length
  if (b.length !== length && b.length !== 1) return undefined
  return Array.from({length}, (_, index) => fold(a[a.length === 1 ? 0 : index], b[b.length === 1 ? 0 : index]))
}
