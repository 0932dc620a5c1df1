import {unary} from '../elementwise/unary.js'
import type {OpSpec} from '../op-spec.js'
import {ELEMENTWISE, NO_INTEGER_KERNEL} from '../slots.js'

/** Softmax and its kin: over all axes from `axis` on before opset 13, over one axis since. ONNX Softmax-1, 11, 13. */
export const softmax = versions('Softmax', {quantize: ELEMENTWISE})
export const logSoftmax = versions('LogSoftmax', {quantize: NO_INTEGER_KERNEL})
export const hardmax = versions('Hardmax', {quantize: NO_INTEGER_KERNEL})

function versions(type: string, slots: Pick<OpSpec, 'quantize'>): readonly OpSpec[] {
  return [unary(type, 1, slots), unary(type, 13, slots)]
}
