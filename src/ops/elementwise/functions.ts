import type {OpSpec} from '../op-spec.js'
import {NO_GRADIENT} from '../slots.js'
import {unary} from './unary.js'

/** Mathematical functions of each element: ONNX Abs-1, Exp-1, Erf-9 and their kin. */
const SMOOTH: readonly (readonly [type: string, sinceOpset: number])[] = [
  ['Abs', 1],
  ['Acos', 7],
  ['Acosh', 9],
  ['Asin', 7],
  ['Asinh', 9],
  ['Atan', 7],
  ['Atanh', 9],
  ['Cos', 7],
  ['Cosh', 9],
  ['Erf', 9],
  ['Exp', 1],
  ['Log', 1],
  ['Neg', 1],
  ['Reciprocal', 1],
  ['Sin', 7],
  ['Sinh', 9],
  ['Sqrt', 1],
  ['Tan', 7],
]
const STEPWISE: readonly (readonly [type: string, sinceOpset: number])[] = [
  ['BitwiseNot', 18],
  ['Ceil', 1],
  ['Floor', 1],
  ['Not', 1],
  ['Round', 11],
  ['Sign', 9],
]

export const smoothFunctions: readonly OpSpec[] = SMOOTH.map(([type, since]) => unary(type, since))
export const stepFunctions: readonly OpSpec[] = STEPWISE.map(([type, since]) =>
  unary(type, since, {gradient: NO_GRADIENT}),
)
export const isNan = unary('IsNaN', 9, {result: 'bool', gradient: NO_GRADIENT})
export const isInf = unary('IsInf', 10, {result: 'bool', gradient: NO_GRADIENT})
