import {type Dim, subDims} from '../../ir/dim.js'
import type {OpSpec} from '../op-spec.js'
import {NO_GRADIENT} from '../slots.js'
import {unary} from './unary.js'
import {gradientOfFunction} from './unary-gradients.js'

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
  ['Reciprocal', 1],
  ['Sin', 7],
  ['Sinh', 9],
  ['Sqrt', 1],
  ['Tan', 7],
]
export const smoothFunctions: readonly OpSpec[] = SMOOTH.map(([type, since]) =>
  unary(type, since, {gradient: gradientOfFunction(type)}),
)
export const neg = unary('Neg', 1, {gradient: gradientOfFunction('Neg'), fold: (size) => subDims(0, size)})

const ROUNDING: readonly (readonly [type: string, sinceOpset: number])[] = [
  ['Ceil', 1],
  ['Floor', 1],
  ['Round', 11],
]
/** Sizes that went through a float on their way are whole already, as exporters of Resize write them. */
export const roundings: readonly OpSpec[] = ROUNDING.map(([type, since]) =>
  unary(type, since, {gradient: NO_GRADIENT, fold: (size: Dim) => size}),
)

export const sign = unary('Sign', 9, {gradient: NO_GRADIENT})
export const not = unary('Not', 1, {
  gradient: NO_GRADIENT,
  fold: (truth) => (typeof truth === 'number' ? Number(truth === 0) : undefined),
})
export const bitwiseNot = unary('BitwiseNot', 18, {gradient: NO_GRADIENT})
export const isNan = unary('IsNaN', 9, {result: 'bool', gradient: NO_GRADIENT})
export const isInf = unary('IsInf', 10, {result: 'bool', gradient: NO_GRADIENT})
