import {derivedTensor, readFloat32, type Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {widened} from '../../ir/widened.js'

/** TensorProto.FLOAT */
const FLOAT = 1

/**
 * The constant that a layer's weight is stored as: the weight itself, or the float16 constant that a Cast widens to float32 on its way
 * to the layer. Where the one is zero, the other is.
 */
export function storedWeight(value: Value | undefined): Value | undefined {
  if (value?.constant) return value
  const cast = value?.producer
  if (cast?.opType !== 'Cast' || cast.domain !== '' || cast.int('to', 0) !== FLOAT) return undefined
  const [half] = cast.inputs
  return half?.constant?.dtype === 'float16' ? half : undefined
}

/** The numbers of a float32 or float16 tensor; not to be modified. */
export function readFloats(tensor: Tensor): Float32Array {
  return readFloat32(tensor.dtype === 'float16' ? widened(tensor) : tensor)
}

/** A float32 or float16 tensor of which some elements are zero; the others keep their bits. @param zero sets them in a copy of the numbers. */
export function withZeros(dense: Tensor, zero: (values: Float32Array) => void): Tensor {
  return derivedTensor(dense.dtype, dense.shape, () => {
    const values = Float32Array.from(readFloats(dense))
    zero(values)
    if (dense.dtype === 'float32') return values
    return (dense.read() as Uint16Array).map((bits, index) => (values[index] === 0 ? 0 : bits))
  })
}
