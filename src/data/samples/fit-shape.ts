import type {Dim} from '../../ir/dim.js'

/**
 * Fits a sample's shape into what an input wants, adding or dropping dimensions of size 1 only:
 * `[28, 28]` fits `[1, 28, 28]`, `[1]` fits `[]`.
 *
 * @param row shape of one sample in the data.
 * @param want shape of one sample in the model; names and unknown sizes take any size.
 * @returns the shape to feed, or undefined when it cannot fit.
 */
export function fitShape(row: readonly number[], want: readonly Dim[]): readonly number[] | undefined {
  if (row.length === want.length) return want.every((dim, axis) => accepts(dim, row[axis])) ? row : undefined
  const fitted: number[] = []
  let axis = 0
  for (const dim of want) {
    while (row[axis] === 1 && !accepts(dim, 1)) axis++
    const size = row[axis]
    if (size !== undefined && accepts(dim, size)) axis++
    else if (dim !== 1) return undefined
    fitted.push(size !== undefined && dim !== 1 ? size : 1)
  }
  return row.slice(axis).every((size) => size === 1) ? fitted : undefined
}

/** Names and unknown sizes accept any size. */
export function accepts(dim: Dim, size: number | undefined): boolean {
  return typeof dim !== 'number' || dim === size
}

/** `[N, 1, 28, 28]`, for messages; unknown sizes are `?`. */
export function describeShape(shape: readonly Dim[] | undefined): string {
  return shape ? `[${shape.map((dim) => dim ?? '?').join(', ')}]` : 'any shape'
}
