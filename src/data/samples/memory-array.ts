import {arrayTypeOf, type DType, type TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {SampleArray} from './sample-array.js'

/** An array that is all in memory: labels, small sets. `data` is not modified. */
export function memoryArray(
  header: {name: string; where: string; dtype: DType; shape: readonly number[]},
  data: TypedArray,
): SampleArray {
  const rowElements = elementCount(header.shape.slice(1))
  return {
    ...header,
    isPixels: false,
    open: async (order) => ({
      async read(from, count) {
        const rows = new (arrayTypeOf(header.dtype))(count * rowElements)
        for (let row = 0; row < count; row++) {
          const start = order.at(from + row) * rowElements
          rows.set(data.subarray(start, start + rowElements) as never, row * rowElements)
        }
        return rows
      },
      close: async () => undefined,
    }),
  }
}
