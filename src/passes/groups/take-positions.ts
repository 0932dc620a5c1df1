import type {TypedArray} from '../../ir/dtype.js'
import {derivedTensor, elementCount, type Tensor} from '../../ir/tensor.js'

/** What an axis is made of: positions it had before, in order; -1 is new, and zero. */
export type Positions = Int32Array

/** The tensor with these positions of some axes, computed when read. Elements must be stored one by one: no 4-bit types, no strings. */
export function takePositions(tensor: Tensor, axes: ReadonlyMap<number, Positions>): Tensor {
  const shape = tensor.shape.map((size, axis) => axes.get(axis)?.length ?? size)
  return derivedTensor(tensor.dtype, shape, () => {
    let data = tensor.read() as TypedArray
    let from = [...tensor.shape]
    for (const [axis, positions] of axes) {
      data = takeAxis(data, from, axis, positions)
      from = from.with(axis, positions.length)
    }
    return data
  })
}

function takeAxis(data: TypedArray, shape: readonly number[], axis: number, positions: Positions): TypedArray {
  const size = shape[axis] as number
  const [outer, inner] = [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis + 1))]
  const taken = new (data.constructor as new (length: number) => TypedArray)(outer * positions.length * inner)
  for (let o = 0; o < outer; o++) {
    for (const [index, position] of positions.entries()) {
      if (position < 0) continue
      const start = (o * size + position) * inner
      taken.set(data.subarray(start, start + inner) as never, (o * positions.length + index) * inner)
    }
  }
  return taken
}
