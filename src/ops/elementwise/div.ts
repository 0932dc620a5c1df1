import {type Dim, floorDivDims} from '../../ir/dim.js'
import {NO_INTEGER_KERNEL} from '../slots.js'
import {binary, legacyBinary} from './binary.js'

/** Div: Y = A / B, broadcast; integers round towards zero. ONNX Div-7. */
export const div = binary({type: 'Div', fold: divideSizes, slots: {quantize: NO_INTEGER_KERNEL}})
export const div1 = legacyBinary(div)

/** Sizes are not negative, so rounding down and towards zero are one; negative numbers are left unknown. */
function divideSizes(a: Dim, b: Dim): Dim {
  return typeof a === 'number' && a < 0 ? undefined : floorDivDims(a, b)
}
