import type {OpSpec} from '../op-spec.js'
import {NO_GRADIENT} from '../slots.js'
import {binary, legacyBinary} from './binary.js'

/** And, Or, Xor of bool tensors (ONNX And-7), and their bitwise kin on integers (BitwiseAnd-18, BitShift-11), broadcast. */
const slots = {gradient: NO_GRADIENT}

export const logic: readonly OpSpec[] = ['And', 'Or', 'Xor'].flatMap((type) => {
  const modern = binary({type, result: 'bool', slots})
  return [legacyBinary(modern), modern]
})
export const bitwise: readonly OpSpec[] = ['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'].map((type) =>
  binary({type, sinceOpset: 18, slots}),
)
export const bitShift = binary({type: 'BitShift', sinceOpset: 11, slots})
