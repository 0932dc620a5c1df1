import {type Dim, exactDivDims, floorDivDims} from '../../ir/dim.js'
import {type DType, isFloat} from '../../ir/dtype.js'
import {NO_INTEGER_KERNEL} from '../slots.js'
import {binary, legacyBinary} from './binary.js'
import {divGradient} from './binary-gradients.js'

/** Div: Y = A / B, broadcast; integers round towards zero. ONNX Div-7. */
export const div = binary({type: 'Div', fold: divideSizes, slots: {gradient: divGradient, quantize: NO_INTEGER_KERNEL}})
export const div1 = legacyBinary(div)

/**
 * Sizes are not negative, so rounding down and towards zero are one; negative numbers are left unknown.
 * A size cast to a float keeps its fraction, which only the rounding behind it decides: there the division must come out even.
 */
function divideSizes(a: Dim, b: Dim, dtype: DType | undefined): Dim {
  if (typeof a === 'number' && a < 0) return undefined
  return dtype && isFloat(dtype) ? exactDivDims(a, b) : floorDivDims(a, b)
}
