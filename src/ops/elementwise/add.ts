import {addDims} from '../../ir/dim.js'
import {EITHER_SIDE, ELEMENTWISE} from '../slots.js'
import {binary, legacyBinary} from './binary.js'
import {addGradient} from './binary-gradients.js'

/** Add: Y = A + B, broadcast. ONNX Add-7. */
export const add = binary({
  type: 'Add',
  fold: (a, b) => addDims(a, b),
  slots: {gradient: addGradient, parameters: EITHER_SIDE, quantize: ELEMENTWISE},
})
export const add1 = legacyBinary(add)
