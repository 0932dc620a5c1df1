import {NonFiniteError} from '../../../errors.js'
import {toFloat16} from '../../../ir/float16.js'
import {derivedTensor, elementCount, readFloat32, readFloat32Slices, type Tensor} from '../../../ir/tensor.js'

/** The largest finite float16. */
const LARGEST = 65504
/** Bits of the smallest positive float16, 2^-24. */
const SMALLEST_BITS = 1

/**
 * A float32 tensor as float16 bits, rounding to nearest even. Finite values beyond ±65504 are clamped: a mask of −1e9 must not make NaN
 * out of a softmax. Infinities stay what they are: guards look for them. A single value, an epsilon, never becomes 0: it stands there so that nothing is divided by 0.
 *
 * @throws NonFiniteError if the tensor holds NaN.
 */
export function float16Weight(tensor: Tensor, name: string): Tensor {
  for (const piece of readFloat32Slices(tensor))
    if (piece.some(Number.isNaN)) throw new NonFiniteError(name, 'its values')
  const isScalar = elementCount(tensor.shape) === 1
  return derivedTensor('float16', tensor.shape, () =>
    Uint16Array.from(readFloat32(tensor), (value) => {
      const bits = toFloat16(Number.isFinite(value) ? Math.max(-LARGEST, Math.min(LARGEST, value)) : value)
      return isScalar && value !== 0 && (bits & 0x7fff) === 0 ? bits | SMALLEST_BITS : bits
    }),
  )
}
