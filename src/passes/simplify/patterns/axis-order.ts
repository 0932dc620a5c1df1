import {axisFromStart} from '../../../ir/axis-from-start.js'
import type {TensorData} from '../../../ir/dtype.js'
import {derivedTensor, elementCount, type Tensor} from '../../../ir/tensor.js'

/** The axes of a Transpose: axis i of what it gives is axis `order[i]` of what it reads. */
export type AxisOrder = readonly number[]

export function inverseOf(order: AxisOrder): number[] {
  const inverse: number[] = []
  order.forEach((from, to) => {
    inverse[from] = to
  })
  return inverse
}

/** A list with one entry per axis, in front of a Transpose instead of behind it. */
export function listBefore<T>(list: readonly T[], order: AxisOrder): T[] {
  return inverseOf(order).map((axis) => list[axis] as T)
}

/** An axis of a Transpose's result, negative ones from the end, as the axis of what it reads. */
export function axisBefore(axis: number, order: AxisOrder): number {
  return order[axisFromStart(axis, order.length)] as number
}

/**
 * A constant that is broadcast to the result of a Transpose, as it has to be for what that reads; leading axes of size 1 are left out
 * again where the constant had fewer axes.
 *
 * @param tensor of at most as many axes as `order` has.
 */
export function constantBefore(tensor: Tensor, order: AxisOrder): Tensor {
  const missing = order.length - tensor.shape.length
  const padded = [...new Array<number>(missing).fill(1), ...tensor.shape]
  let shape = listBefore(padded, order)
  if (missing > 0)
    shape = shape.slice(
      Math.max(
        0,
        shape.findIndex((size) => size !== 1),
      ),
    )
  return derivedTensor(tensor.dtype, shape, () => permuted(tensor.read(), padded, inverseOf(order)))
}

/** Elements, row-major, with axis i of the result being axis `order[i]`. */
function permuted(data: TensorData, shape: readonly number[], order: AxisOrder): TensorData {
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
  const sizes = order.map((axis) => shape[axis] as number)
  const steps = order.map((axis) => strides[axis] as number)
  const result = data.slice()
  const position = new Array<number>(sizes.length).fill(0)
  let from = 0
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from] as never
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      position[axis] = (position[axis] ?? 0) + 1
      from += steps[axis] ?? 0
      if ((position[axis] ?? 0) < (sizes[axis] ?? 1)) break
      from -= (steps[axis] ?? 0) * (sizes[axis] ?? 1)
      position[axis] = 0
    }
  }
  return result
}
