import {fromFloat16} from './float16.js'
import {derivedTensor, slicesOf, type Tensor, withSlices} from './tensor.js'

/** A float16 tensor as float32, exactly; read piece by piece where the tensor can. @throws TypeError for another dtype: a bug of the caller. */
export function widened(tensor: Tensor): Tensor {
  if (tensor.dtype !== 'float16') throw new TypeError(`expected a float16 tensor, got ${tensor.dtype}`)
  const wide = derivedTensor('float32', tensor.shape, () => toFloats(tensor.read() as Uint16Array))
  const slices = slicesOf(tensor)
  if (!slices) return wide
  return withSlices(wide, function* () {
    for (const piece of slices()) yield toFloats(piece as Uint16Array)
  })
}

/** All 65,536 numbers there are: looked up, a weight of millions takes a moment. */
let numbers: Float32Array | undefined

function toFloats(bits: Uint16Array): Float32Array {
  numbers ??= Float32Array.from({length: 2 ** 16}, (_, index) => fromFloat16(index))
  const floats = new Float32Array(bits.length)
  for (let index = 0; index < bits.length; index++) floats[index] = numbers[bits[index] as number] as number
  return floats
}
