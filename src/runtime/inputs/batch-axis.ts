import {elementCount} from '../../ir/tensor.js'
/**
 * The axis that counts samples, by the name of the value, one index for each sample. A value that is not in it has none that is known:
 * it may have several rows for a sample, in any order.
 */
export type BatchAxes = Readonly<Record<string, number>>

/** What was fed: real samples first, then copies of the last one that fill a fixed batch. */
export interface Rows {
  readonly size: number
  readonly fed: number
}

interface Elements {
  readonly length: number
  subarray(start: number, end: number): this
  slice(start: number, end: number): this
  set(from: ArrayLike<number>, start: number): void
}

/** A tensor, row-major. */
export interface Plain<T> {
  readonly data: T
  readonly dims: readonly number[]
}

/**
 * Cuts what belongs to the copies that fill up a batch, and nothing else: a tensor of a batch without copies is taken whole, however
 * long its axes are.
 *
 * @param tensor not modified; the result may be a view of it.
 * @returns undefined when there are copies and nothing says where they are.
 */
export function realPart<T extends Elements>(
  tensor: Plain<T>,
  {size, fed}: Rows,
  axis: number | undefined,
): Plain<T> | undefined {
  const {data, dims} = tensor
  if (fed === size) return tensor
  if (axis === undefined || dims[axis] !== fed) return undefined
  const inner = elementCount(dims.slice(axis + 1))
  const kept = {data, dims: dims.map((length, index) => (index === axis ? size : length))}
  if (axis === 0) return {...kept, data: data.subarray(0, size * inner)}
  const blocks = data.length / (fed * inner)
  const cut = data.slice(0, blocks * size * inner)
  for (let block = 0; block < blocks; block++) {
    const start = block * fed * inner
    cut.set(data.subarray(start, start + size * inner) as unknown as ArrayLike<number>, block * size * inner)
  }
  return {...kept, data: cut}
}
