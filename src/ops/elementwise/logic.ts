import type {Dim} from '../../ir/dim.js'
import type {OpSpec} from '../op-spec.js'
import {NO_GRADIENT} from '../slots.js'
import {binary, legacyBinary} from './binary.js'

/** And, Or, Xor of bool tensors (ONNX And-7), and their bitwise kin on integers (BitwiseAnd-18, BitShift-11), broadcast. */
const slots = {gradient: NO_GRADIENT}

const TRUTHS: readonly (readonly [type: string, fold: (a: Dim, b: Dim) => Dim])[] = [
  ['And', (a, b) => (a === 0 || b === 0 ? 0 : known(a, b, 1))],
  ['Or', (a, b) => (a === 1 || b === 1 ? 1 : known(a, b, 0))],
  ['Xor', (a, b) => known(a, b, Number(a !== b))],
]
export const logic: readonly OpSpec[] = TRUTHS.flatMap(([type, fold]) => {
  const modern = binary({type, result: 'bool', fold, slots})
  return [legacyBinary(modern), modern]
})
export const bitwise: readonly OpSpec[] = ['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'].map((type) =>
  binary({type, sinceOpset: 18, slots}),
)
export const bitShift = binary({type: 'BitShift', sinceOpset: 11, slots})

/** The result, where both sides are known. */
function known(a: Dim, b: Dim, result: number): Dim {
  return typeof a === 'number' && typeof b === 'number' ? result : undefined
}
