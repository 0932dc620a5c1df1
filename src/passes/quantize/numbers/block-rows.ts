import type {TypedArray} from '../../../ir/dtype.js'
import {elementCount, type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {WeightGrid} from '../trained/stored-integers.js'
import {transposed} from '../weights/transposed.js'
import type {ScaleAxis} from './channel-layout.js'

/**
 * A weight in blocks seen as `[outer, block, inner]`, one scale per outer and inner; undefined without blocks.
 *
 * @param shape of the weight; blocks fill their axis.
 */
export function blockShape(shape: readonly number[], {axis, blockSize}: WeightGrid) {
  if (axis === undefined || blockSize === undefined) return undefined
  const count = (sizes: readonly number[]) => elementCount(sizes)
  return {outer: count(shape.slice(0, axis + 1)) / blockSize, block: blockSize, inner: count(shape.slice(axis + 1))}
}

/** Arranges a weight so that every block is a row; without blocks it stays as it is. Elements of one entry each. */
export function toRows(tensor: Tensor, grid: WeightGrid): {tensor: Tensor; axis: ScaleAxis} {
  const blocks = blockShape(tensor.shape, grid)
  if (!blocks) return {tensor, axis: grid.axis}
  const {outer, block, inner} = blocks
  const seen = reshaped(tensor, [outer, block, inner])
  return {tensor: inner === 1 ? reshaped(seen, [outer, block]) : transposed(seen), axis: 'rows'}
}

/** Takes what `toRows` arranged back to the weight's shape. */
export function fromRows(rows: Tensor, shape: readonly number[], grid: WeightGrid): Tensor {
  const isTurned = (blockShape(shape, grid)?.inner ?? 1) > 1
  return reshaped(isTurned ? transposed(rows) : rows, shape)
}

function reshaped(tensor: Tensor, shape: readonly number[]): Tensor {
  return tensorOf(tensor.dtype, shape, tensor.read() as TypedArray)
}
