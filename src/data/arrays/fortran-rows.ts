import {arrayTypeOf, type DType, type TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {RowReader} from '../samples/sample-array.js'
import type {SampleOrder} from '../samples/sample-order.js'

/** Rows, in C order, of an array stored with its first index running fastest. `data` is the whole array, not modified. */
export function fortranRows(data: TypedArray, dtype: DType, shape: readonly number[], order: SampleOrder): RowReader {
  const [samples = 0, ...row] = shape
  const offsets = fortranOffsets(row, samples)
  return {
    async read(from, count) {
      const out = new (arrayTypeOf(dtype))(count * offsets.length)
      for (let sample = 0; sample < count; sample++) copyRow(data, order.at(from + sample), offsets, out, sample)
      return out
    },
    close: async () => undefined,
  }
}

function copyRow(data: TypedArray, index: number, offsets: Float64Array, out: TypedArray, sample: number): void {
  const start = sample * offsets.length
  for (let element = 0; element < offsets.length; element++) {
    out[start + element] = data[index + (offsets[element] as number)] as never
  }
}

/** For each element of a row, in C order, its distance from the row's first element. */
function fortranOffsets(row: readonly number[], samples: number): Float64Array {
  const offsets = new Float64Array(elementCount(row))
  for (let element = 0; element < offsets.length; element++) {
    let rest = element
    let stride = elementCount(row) * samples
    for (let axis = row.length - 1; axis >= 0; axis--) {
      const size = row[axis] as number
      stride /= size
      offsets[element] = (offsets[element] as number) + (rest % size) * stride
      rest = Math.floor(rest / size)
    }
  }
  return offsets
}
