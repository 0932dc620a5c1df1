import ndarray from 'ndarray'
import type {TypedArray} from '../../../ir/dtype.js'
import {derivedTensor, elementCount, type Tensor} from '../../../ir/tensor.js'

/** The tensor with its last two axes swapped; computed when read. */
export function transposed(tensor: Tensor): Tensor {
  const [rows = 1, columns = 1] = tensor.shape.slice(-2)
  const lead = tensor.shape.slice(0, -2)
  return derivedTensor(tensor.dtype, [...lead, columns, rows], () => {
    const source = tensor.read() as TypedArray
    const target = source.slice() as Exclude<TypedArray, BigInt64Array | BigUint64Array>
    const count = elementCount(lead)
    const from = ndarray(source as typeof target, [count, rows, columns]).transpose(0, 2, 1)
    let at = 0
    for (let matrix = 0; matrix < count; matrix++) {
      for (let c = 0; c < columns; c++) {
        for (let r = 0; r < rows; r++) target[at++] = from.get(matrix, c, r)
      }
    }
    return target
  })
}
